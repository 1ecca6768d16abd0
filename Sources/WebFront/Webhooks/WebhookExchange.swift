import NIOCore
import NIOHTTP1

/// One POST on one connection: sends the request, keeps the head of the answer, and closes. The answer's body is of no interest,
/// so that nobody can make it long.
final class WebhookExchange: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  struct Answer: Sendable {
    var status: Int
    /// Where a redirect leads.
    var location: String?
  }

  enum Failure: Error {
    case closed
    case timeout
  }

  private let head: HTTPRequestHead
  private let body: [UInt8]
  private let answer: EventLoopPromise<Answer>
  private let patience: TimeAmount
  private var timer: Scheduled<Void>?
  private var hasBegun = false
  private var isOver = false

  init(head: HTTPRequestHead, body: [UInt8], answer: EventLoopPromise<Answer>, patience: TimeAmount) {
    self.head = head
    self.body = body
    self.answer = answer
    self.patience = patience
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: patience) {
      let (exchange, context) = bound.value
      exchange.end(context, .failure(Failure.timeout))
    }
    if context.channel.isActive { begin(context) }
  }

  func channelActive(context: ChannelHandlerContext) {
    begin(context)
    context.fireChannelActive()
  }

  private func begin(_ context: ChannelHandlerContext) {
    guard !hasBegun else { return }
    hasBegun = true
    context.write(wrapOutboundOut(.head(head)), promise: nil)
    context.write(wrapOutboundOut(.body(.byteBuffer(ByteBuffer(bytes: body)))), promise: nil)
    context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head) where head.status.code >= 200:
      end(context, .success(Answer(status: Int(head.status.code), location: head.headers.first(name: "Location"))))
    // 100 and 103 go before the answer; what follows it is not read.
    case .head, .body, .end: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) { end(context, .failure(Failure.closed)) }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { end(context, .failure(error)) }

  private func end(_ context: ChannelHandlerContext, _ result: Result<Answer, any Error>) {
    guard !isOver else { return }
    isOver = true
    timer?.cancel()
    answer.completeWith(result)
    context.close(promise: nil)
  }
}

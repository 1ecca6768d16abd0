import NIOCore
import NIOHTTP1

/// One POST on one connection: sends the request, keeps the answer, and closes. Its body is kept where it is wanted, and no more of
/// it than that.
final class WebhookExchange: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  struct Answer: Sendable {
    var status: Int
    /// Where a redirect leads.
    var location: String?
    var body: [UInt8] = []
  }

  enum Failure: Error {
    case closed
    case timeout
    case tooLong
  }

  private let head: HTTPRequestHead
  private let body: [UInt8]
  private let answer: EventLoopPromise<Answer>
  /// Octets of the answer's body at most; 0: it is not waited for.
  private let limit: Int
  private let patience: TimeAmount
  private var timer: Scheduled<Void>?
  private var hasBegun = false
  private var isOver = false
  private var kept: Answer?

  init(head: HTTPRequestHead, body: [UInt8], answer: EventLoopPromise<Answer>, limit: Int, patience: TimeAmount) {
    self.head = head
    self.body = body
    self.answer = answer
    self.limit = limit
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
      let answer = Answer(status: Int(head.status.code), location: head.headers.first(name: "Location"))
      kept = answer
      if limit == 0 { end(context, .success(answer)) }
    case .body(let buffer):
      guard limit > 0, kept != nil else { return }
      kept?.body.append(contentsOf: buffer.readableBytesView.prefix(limit + 1))
      if let kept, kept.body.count > limit { end(context, .failure(Failure.tooLong)) }
    // 100 and 103 go before the answer.
    case .head: break
    case .end: if let kept { end(context, .success(kept)) }
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

import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix

/// One PUT of a file on one connection: a piece is read when the one before is on its way. Only the status of the answer is
/// kept, and it may come before the end.
final class UploadExchange: ChannelInboundHandler {
  typealias InboundIn = HTTPClientResponsePart
  typealias OutboundOut = HTTPClientRequestPart

  /// The file: open until there is an answer.
  struct Source: Sendable {
    var file: FileHandle
    var octets: Int64
  }

  enum Failure: Error {
    case closed
    case timeout
    case shortened
    case unknownHost
  }

  private let head: HTTPRequestHead
  private let source: Source
  private let answer: EventLoopPromise<Int>
  private let patience: TimeAmount
  private var timer: Scheduled<Void>?
  private var sent: Int64 = 0
  private var hasBegun = false
  private var isOver = false
  private var isReading = false
  /// Told when nobody reads any more: then the file is closed.
  private var outcome: Result<Int, any Error>?

  init(head: HTTPRequestHead, source: Source, answer: EventLoopPromise<Int>, patience: TimeAmount) {
    self.head = head
    self.source = source
    self.answer = answer
    self.patience = patience
  }

  func handlerAdded(context: ChannelHandlerContext) {
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
    send(context)
  }

  /// Something moved: the time begins anew.
  private func wait(_ context: ChannelHandlerContext) {
    timer?.cancel()
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    timer = context.eventLoop.scheduleTask(in: patience) {
      let (exchange, context) = bound.value
      exchange.end(context, .failure(Failure.timeout))
    }
  }

  private func send(_ context: ChannelHandlerContext) {
    guard !isOver else { return }
    wait(context)
    let rest = source.octets - sent
    guard rest > 0 else { return context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil) }
    let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
    let count = Int(min(rest, Int64(UploadClient.piece)))
    isReading = true
    NIOThreadPool.singleton.runIfActive(eventLoop: context.eventLoop) { [file = source.file] in
      ByteBuffer(bytes: try file.read(upToCount: count) ?? Data())
    }.whenComplete { result in
      let (exchange, context) = bound.value
      exchange.pass(on: result, context)
    }
  }

  private func pass(on result: Result<ByteBuffer, any Error>, _ context: ChannelHandlerContext) {
    isReading = false
    if let outcome { return answer.completeWith(outcome) }
    switch result {
    case .failure(let error): end(context, .failure(error))
    case .success(let piece) where piece.readableBytes == 0: end(context, .failure(Failure.shortened))
    case .success(let piece):
      sent += Int64(piece.readableBytes)
      let bound = NIOLoopBound((self, context), eventLoop: context.eventLoop)
      context.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(piece)))).whenComplete { result in
        let (exchange, context) = bound.value
        switch result {
        case .success: exchange.send(context)
        case .failure(let error): exchange.end(context, .failure(error))
        }
      }
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    switch unwrapInboundIn(data) {
    case .head(let head) where head.status.code >= 200: end(context, .success(Int(head.status.code)))
    case .head, .body, .end: break
    }
  }

  func channelInactive(context: ChannelHandlerContext) { end(context, .failure(Failure.closed)) }
  func errorCaught(context: ChannelHandlerContext, error: any Error) { end(context, .failure(error)) }

  private func end(_ context: ChannelHandlerContext, _ result: Result<Int, any Error>) {
    guard !isOver else { return }
    isOver = true
    timer?.cancel()
    if isReading { outcome = result } else { answer.completeWith(result) }
    context.close(promise: nil)
  }
}

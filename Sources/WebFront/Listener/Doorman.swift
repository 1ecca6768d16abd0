import NIOCore
import Primitives

/// Looks at the first octets of a connection, has the pipeline set up that they want, passes them on and goes.
final class Doorman: ChannelInboundHandler, RemovableChannelHandler {
  typealias InboundIn = ByteBuffer
  typealias InboundOut = ByteBuffer

  /// Who is at the door.
  enum Visitor {
    case http
    /// Asks for `/sip`.
    case sip
    /// Gone again, or has said nothing in time.
    case departed
  }

  private let deadline: Duration
  /// Sets up what comes behind; called once.
  private var receive: ((Visitor) -> Void)?
  private var held = ByteBuffer()
  private var alarm: Scheduled<Void>?

  init(deadline: Duration, receive: @escaping (Visitor) -> Void) {
    self.deadline = deadline
    self.receive = receive
  }

  func handlerAdded(context: ChannelHandlerContext) {
    alarm = context.eventLoop.assumeIsolated().scheduleTask(in: .nanoseconds(deadline.nanoseconds)) {
      context.close(promise: nil)
    }
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    var octets = unwrapInboundIn(data)
    held.writeBuffer(&octets)
    guard let visitor = Doorman.judge(held.readableBytesView) else { return }
    settle(visitor)
    context.pipeline.syncOperations.removeHandler(context: context, promise: nil)
  }

  func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
    context.fireChannelRead(wrapInboundOut(held))
    context.fireChannelReadComplete()
    context.leavePipeline(removalToken: removalToken)
  }

  func handlerRemoved(context: ChannelHandlerContext) { settle(.departed) }

  func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

  private func settle(_ visitor: Visitor) {
    alarm?.cancel()
    alarm = nil
    receive?(visitor)
    receive = nil
  }

  /// Nil while more is needed: `GET /sip` with nothing, or a query, after it.
  static func judge(_ octets: ByteBufferView) -> Visitor? {
    let path = "GET /sip".utf8
    guard octets.prefix(path.count).elementsEqual(path.prefix(octets.count)) else { return .http }
    guard let next = octets.dropFirst(path.count).first else { return nil }
    return next == UInt8(ascii: " ") || next == UInt8(ascii: "?") ? .sip : .http
  }
}

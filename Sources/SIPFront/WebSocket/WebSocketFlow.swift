import Application
import NIOCore
import NIOWebSocket
import Primitives
import SIP

/// One WebSocket connection, which is one flow (RFC 7118): each message that comes is one SIP message, and so is each that
/// goes. Lives on the connection's loop; the driver has another, and what goes there keeps its order.
final class WebSocketFlow: ChannelDuplexHandler {
  typealias InboundIn = WebSocketFrame
  typealias OutboundIn = ByteBuffer
  typealias OutboundOut = WebSocketFrame

  /// Octets of a message; longer ones end the connection.
  static let messageLimit = 1 << 16
  /// Messages on their way to the driver; no more are read until it has taken some.
  private static let inFlightLimit = 16
  /// RFC 6455, section 7.4.1, and the registry of its codes: try again later.
  private static let crowded = WebSocketErrorCode(codeNumber: 1_013)

  private enum State {
    case open
    /// We have said good-bye and wait for the same.
    case closing
    case closed
  }

  private let driver: NIOLoopBound<TransactionDriver>
  private let loop: any EventLoop
  /// The driver's number of this flow.
  private let id: NIOLoopBoundBox<UInt64?>
  private let transport: SIPTransport
  private let origin: PageOrigin?
  private let configuration: SIPFrontConfiguration
  private let end: EventLoopPromise<Void>
  private var state = State.open
  private var assembler = WebSocketAssembler(limit: WebSocketFlow.messageLimit)
  private var inFlight = 0
  private var wantsRead = false
  /// Intervals since anything came.
  private var silence = 0
  private var messageBegan: NIODeadline?
  /// When the driver was last told of a sign of life.
  private var touched = NIODeadline.distantPast
  private var watch: Scheduled<Void>?
  private var closing: Scheduled<Void>?

  init(
    driver: NIOLoopBound<TransactionDriver>, loop: any EventLoop, transport: SIPTransport, origin: PageOrigin?,
    configuration: SIPFrontConfiguration, end: EventLoopPromise<Void>
  ) {
    self.driver = driver
    self.loop = loop
    self.id = NIOLoopBoundBox.makeEmptyBox(eventLoop: loop)
    self.transport = transport
    self.origin = origin
    self.configuration = configuration
    self.end = end
  }

  func handlerAdded(context: ChannelHandlerContext) {
    let channel = context.channel
    loop.submit { [driver, id, transport, origin] in
      id.value = driver.value.accept(channel, transport: transport, origin: origin)
      return id.value != nil
    }
    .hop(to: context.eventLoop).assumeIsolated().whenSuccess { [self] isAccepted in
      if !isAccepted { close(context, Self.crowded) }
    }
    scheduleWatch(context)
  }

  func handlerRemoved(context: ChannelHandlerContext) {
    watch?.cancel()
    closing?.cancel()
    onDriver { $0.closed($1) }
    end.succeed()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let frame = unwrapInboundIn(data)
    silence = 0
    switch state {
    case .open: read(frame, context)
    // Section 5.5.1: whatever comes after our good-bye is not looked at, until the other's comes.
    case .closing: if frame.opcode == .connectionClose { finish(context) }
    case .closed: break
    }
  }

  private func read(_ frame: WebSocketFrame, _ context: ChannelHandlerContext) {
    do throws(WebSocketViolation) {
      let unit = try assembler.append(frame)
      messageBegan = assembler.isWithinMessage ? messageBegan ?? .now() : nil
      switch unit {
      case .message(let octets): deliver(octets, context)
      case .ping(let data):
        touch()
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: .pong, data: data)), promise: nil)
      case .pong: touch()
      case .close:
        state = .closing
        context.writeAndFlush(wrapOutboundOut(Self.farewell(.normalClosure, context)))
          .assumeIsolated().whenComplete { [self] _ in finish(context) }
      case nil: break
      }
    } catch {
      close(context, error.code)
    }
  }

  private func deliver(_ octets: [UInt8], _ context: ChannelHandlerContext) {
    inFlight += 1
    let here = NIOLoopBound((flow: self, context: context), eventLoop: context.eventLoop)
    loop.execute { [driver, id] in
      if let id = id.value { driver.value.receive(message: octets, on: id) }
      here.eventLoop.execute { here.value.flow.delivered(here.value.context) }
    }
  }

  private func delivered(_ context: ChannelHandlerContext) {
    inFlight -= 1
    guard wantsRead, inFlight < Self.inFlightLimit else { return }
    wantsRead = false
    context.read()
  }

  func read(context: ChannelHandlerContext) {
    if inFlight < Self.inFlightLimit { context.read() } else { wantsRead = true }
  }

  func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
    guard case .open = state else {
      promise?.fail(ChannelError.ioOnClosedChannel)
      return
    }
    let octets = unwrapOutboundIn(data)
    let isText = String(validating: octets.readableBytesView, as: UTF8.self) != nil
    let frame = WebSocketFrame(fin: true, opcode: isText ? .text : .binary, data: octets)
    context.write(wrapOutboundOut(frame), promise: promise)
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    // Past the high-water mark the peer reads slower than we answer.
    if !context.channel.isWritable { onDriver { $0.expire($1) } }
    context.fireChannelWritabilityChanged()
  }

  func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
    if case .inputClosed? = event as? ChannelEvent { finish(context) }
    if event is ChannelShouldQuiesceEvent { close(context, .goingAway) }
    context.fireUserInboundEventTriggered(event)
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    switch state {
    case .open: if let violation = WebSocketViolation(error) { close(context, violation.code) } else { finish(context) }
    // The decoder says it again for all that comes after.
    case .closing: if WebSocketViolation(error) == nil, !(error is ByteToMessageDecoderError) { finish(context) }
    case .closed: break
    }
  }

  /// Somebody ends the connection: with good-bye, once.
  func close(context: ChannelHandlerContext, mode: CloseMode, promise: EventLoopPromise<Void>?) {
    if case .closed = state { return context.close(mode: mode, promise: promise) }
    guard case .all = mode else { return context.close(mode: mode, promise: promise) }
    context.channel.closeFuture.cascade(to: promise)
    close(context, .goingAway)
  }

  private func close(_ context: ChannelHandlerContext, _ code: WebSocketErrorCode) {
    guard case .open = state else { return }
    state = .closing
    context.writeAndFlush(wrapOutboundOut(Self.farewell(code, context)), promise: nil)
    let delay = TimeAmount.nanoseconds(configuration.closeDeadline.nanoseconds)
    closing = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in finish(context) }
  }

  private func finish(_ context: ChannelHandlerContext) {
    if case .closed = state { return }
    state = .closed
    context.close(promise: nil)
  }

  private static func farewell(_ code: WebSocketErrorCode, _ context: ChannelHandlerContext) -> WebSocketFrame {
    var data = context.channel.allocator.buffer(capacity: 2)
    data.write(webSocketErrorCode: code)
    return WebSocketFrame(fin: true, opcode: .connectionClose, data: data)
  }

  private func scheduleWatch(_ context: ChannelHandlerContext) {
    let delay = TimeAmount.nanoseconds(configuration.pingInterval.nanoseconds)
    watch = context.eventLoop.assumeIsolated().scheduleTask(in: delay) { [self] in look(context) }
  }

  /// Once an interval: is the client there, and does it finish what it begins?
  private func look(_ context: ChannelHandlerContext) {
    guard case .open = state else { return }
    let patience = TimeAmount.nanoseconds(configuration.messageDeadline.nanoseconds)
    if silence >= 2 || messageBegan.map({ .now() - $0 > patience }) ?? false {
      onDriver { $0.expire($1) }
      return close(context, .policyViolation)
    }
    if silence == 1 {
      let ping = WebSocketFrame(fin: true, opcode: .ping, data: ByteBuffer())
      context.writeAndFlush(wrapOutboundOut(ping), promise: nil)
    }
    silence += 1
    scheduleWatch(context)
  }

  /// Once a second is enough: who sends nothing but pings must not keep the driver busy.
  private func touch() {
    let now = NIODeadline.now()
    guard now >= touched + .seconds(1) else { return }
    touched = now
    onDriver { $0.touched($1) }
  }

  private func onDriver(_ body: @escaping @Sendable (TransactionDriver, UInt64) -> Void) {
    loop.execute { [driver, id] in
      if let id = id.value { body(driver.value, id) }
    }
  }
}

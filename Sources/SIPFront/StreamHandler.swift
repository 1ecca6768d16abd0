import NIOCore
import Primitives
import SIP

/// Passes one connection's octets to the driver, and tells it when the connection begins and ends. Lives on the loop.
final class StreamHandler: ChannelInboundHandler {
  typealias InboundIn = ByteBuffer

  private let driver: TransactionDriver
  private let transport: SIPTransport
  /// Nil for an accepted connection until it is active, and for one that was refused.
  private var flow: UInt64?

  init(driver: TransactionDriver, transport: SIPTransport, flow: UInt64?) {
    self.driver = driver
    self.transport = transport
    self.flow = flow
  }

  func channelActive(context: ChannelHandlerContext) {
    if let flow {
      driver.opened(flow, channel: context.channel)
    } else {
      flow = driver.accept(context.channel, transport: transport)
      if flow == nil { context.close(promise: nil) }
    }
    context.fireChannelActive()
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    guard let flow else { return }
    driver.receive(octets: Array(unwrapInboundIn(data).readableBytesView), on: flow)
  }

  func channelInactive(context: ChannelHandlerContext) {
    if let flow { driver.closed(flow) }
    context.fireChannelInactive()
  }

  func channelWritabilityChanged(context: ChannelHandlerContext) {
    // Past the high-water mark the peer reads slower than we answer.
    if let flow, !context.channel.isWritable { driver.expire(flow) }
    context.fireChannelWritabilityChanged()
  }

  func errorCaught(context: ChannelHandlerContext, error: any Error) {
    if let flow { driver.failed(flow, reason: String(describing: error)) }
    context.close(promise: nil)
  }
}

import NIOCore
import Primitives
import SIP

/// Passes a UDP listener's datagrams to the driver. Lives on the loop.
final class DatagramHandler: ChannelInboundHandler {
  typealias InboundIn = AddressedEnvelope<ByteBuffer>

  private let driver: TransactionDriver
  private let listener: TransportAddress

  init(driver: TransactionDriver, listener: TransportAddress) {
    self.driver = driver
    self.listener = listener
  }

  func channelRead(context: ChannelHandlerContext, data: NIOAny) {
    let envelope = unwrapInboundIn(data)
    guard let remote = envelope.remoteAddress.transportAddress else { return }
    var local = context.channel.localAddress?.transportAddress ?? listener
    if local.ip.isUnspecified,
      let reached = envelope.metadata?.packetInfo?.destinationAddress.transportAddress
    {
      local.ip = reached.ip
    }
    let peer = TransactionPeer(transport: .udp, remote: remote, local: local)
    driver.receive(datagram: Array(envelope.data.readableBytesView), from: peer)
  }

  func channelReadComplete(context: ChannelHandlerContext) { context.flush() }

  /// An ICMP error of an earlier datagram; the transaction's timers will tell.
  func errorCaught(context: ChannelHandlerContext, error: any Error) {}
}

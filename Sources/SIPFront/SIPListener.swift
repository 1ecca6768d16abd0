import NIOCore
import NIOPosix
import Primitives
import SIP

/// One socket that SIP is listened on: UDP, or the accepting end of TCP or TLS.
struct SIPListener: Sendable {
  let transport: SIPTransport
  /// As bound: with the port that the system chose.
  let address: TransportAddress
  let channel: any Channel

  /// Opens a UDP socket whose datagrams go to `handler`.
  static func datagram(
    _ wanted: TransportAddress, receiveBuffer: Int, on loop: any EventLoop,
    handler: @escaping @Sendable (any Channel) -> DatagramHandler
  ) async throws -> SIPListener {
    // One read takes up to 16 datagrams of the largest size.
    let datagramLimit = 65_536
    let batch = 16
    let made = loop.makePromise(of: (any Channel).self)
    var bootstrap = DatagramBootstrap(group: loop)
      .channelOption(.socketOption(.so_rcvbuf), value: receiveBuffer)
      .channelOption(.datagramVectorReadMessageCount, value: batch)
      .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: datagramLimit * batch))
      .channelOption(.receivePacketInfo, value: true)
      .channelInitializer { channel in
        made.succeed(channel)
        return channel.eventLoop.makeCompletedFuture {
          try channel.pipeline.syncOperations.addHandler(handler(channel))
        }
      }
    if wanted.ip.isV6 { bootstrap = bootstrap.channelOption(v6Only, value: 1) }
    let channel: any Channel
    do {
      channel = try await bootstrap.bind(to: SocketAddress(wanted)).get()
    } catch {
      // SwiftNIO leaves a datagram socket open that it could not bind.
      made.fail(error)
      try? await made.futureResult.get().close()
      throw error
    }
    return SIPListener(transport: .udp, address: channel.localAddress?.transportAddress ?? wanted, channel: channel)
  }

  /// Opens the accepting end of TCP or TLS; `accepted` sets a new connection up, on the loop.
  static func stream(
    _ transport: SIPTransport, _ wanted: TransportAddress, on loop: any EventLoop,
    accepted: @escaping @Sendable (any Channel) -> EventLoopFuture<Void>
  ) async throws -> SIPListener {
    var bootstrap = ServerBootstrap(group: loop)
      .serverChannelOption(.backlog, value: 1_024)
      .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
      .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
      .childChannelInitializer(accepted)
    if wanted.ip.isV6 { bootstrap = bootstrap.serverChannelOption(v6Only, value: 1) }
    let channel = try await bootstrap.bind(to: SocketAddress(wanted)).get()
    return SIPListener(
      transport: transport, address: channel.localAddress?.transportAddress ?? wanted, channel: channel)
  }

  /// An IPv6 listener leaves IPv4 to its own listener, so that both can have the same port.
  private static let v6Only = ChannelOptions.Types.SocketOption(level: .ipv6, name: .ipv6_v6only)
}

import NIOCore
import NIOPosix
import Primitives
import Runtime

/// Ports of the loopback that nobody uses at the moment.
enum FreePorts {
  /// For UDP and TCP alike.
  static func signalling() async throws -> UInt16 {
    for _ in 0..<32 {
      let socket = try UDPSocket(boundTo: TransportAddress(.loopbackV4, port: 0))
      guard let port = socket.localAddress?.port else { continue }
      let address = TransportAddress(.loopbackV4, port: port)
      if (try? await PortProbe.requireFree(address, key: "")) != nil { return port }
    }
    throw TargetProblem("no port of the loopback is free for UDP and TCP")
  }

  static func tcp() async throws -> UInt16 {
    let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .bind(host: IPAddress.loopbackV4.description, port: 0).get()
    let port = channel.localAddress?.port ?? 0
    try await channel.close()
    return UInt16(clamping: port)
  }
}

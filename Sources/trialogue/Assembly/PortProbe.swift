import NIOCore
import NIOPosix
import Primitives

/// Finds out before anything starts whether a TCP port is free, so that the error names the key.
enum PortProbe {
  static func requireFree(_ address: TransportAddress, key: String) async throws {
    do {
      let channel = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
        .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
        .bind(host: address.ip.description, port: Int(address.port)).get()
      try await channel.close()
    } catch {
      throw StartFailure("\(key): cannot listen on TCP \(address): \(error). Is another server running there?")
    }
  }
}

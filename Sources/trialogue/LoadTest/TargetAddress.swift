import Foundation
import NIOCore
import NIOPosix
import Primitives
import SIP

/// Finds out where a SIP URI's host is, and which of our addresses it sees.
enum TargetAddress {
  /// The server of a URI; names are looked up by the system, without RFC 3263.
  static func resolve(_ uri: SIPURI, by transport: CallerTransport = .udp) async throws -> TransportAddress {
    let usual: SIPTransport =
      switch transport {
      case .udp: .udp
      case .ws: .ws
      }
    let port = uri.port ?? usual.defaultPort
    switch uri.host {
    case .address(let ip): return TransportAddress(ip, port: port)
    case .name(let name):
      if name.lowercased() == "localhost" { return TransportAddress(.loopbackV4, port: port) }
      let found = try await NIOThreadPool.singleton.runIfActive {
        try SocketAddress.makeAddressResolvingHost(name, port: Int(port)).ipAddress
      }
      guard let ip = found.flatMap({ IPAddress($0) }) else { throw TargetProblem("'\(name)' has no address") }
      return TransportAddress(ip, port: port)
    }
  }

  /// The address that our packets to there carry.
  static func local(toward server: TransportAddress) async throws -> IPAddress {
    if server.ip.isLoopback { return server.ip }
    // Connecting a UDP socket sends nothing; the kernel chooses the route and with it the address.
    let channel = try await DatagramBootstrap(group: MultiThreadedEventLoopGroup.singleton)
      .connect(host: server.ip.description, port: Int(server.port)).get()
    let local = channel.localAddress?.ipAddress.flatMap { IPAddress($0) }
    try await channel.close()
    guard let local else { throw TargetProblem("no address of ours leads to \(server)") }
    return local
  }
}

/// Why a target cannot be called; a sentence.
struct TargetProblem: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

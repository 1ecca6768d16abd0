import Primitives
import SIP

/// Where a request goes to by its URI, before names are looked up: RFC 3263, section 4, as far as we go (no NAPTR, no SRV).
struct NextHop: Hashable, Sendable {
  enum Failure: Error, Hashable, Sendable {
    /// Not a sip: or sips: URI.
    case noSIP
    /// WebSocket has no outgoing connections: only its client can open one.
    case unsupported(SIPTransport)

    var reason: String {
      switch self {
      case .noSIP: "the next hop is no SIP URI"
      case .unsupported(let transport): "no outgoing \(transport.rawValue)"
      }
    }
  }

  var transport: SIPTransport
  var host: SIPHost
  var port: UInt16

  /// By the topmost Route, else by the request URI (RFC 3261, section 8.1.2).
  init(_ request: SIPRequest) throws(Failure) {
    let uri = request.headers.routes.first?.uri ?? request.uri
    guard let target = uri.sip else { throw .noSIP }
    try self.init(target)
  }

  init(_ uri: SIPURI) throws(Failure) {
    let named = uri.parameters["transport"].map { $0.lowercased() }
    switch named {
    case "udp": transport = .udp
    case "tcp": transport = .tcp
    case "tls": transport = .tls
    case "ws": throw .unsupported(.ws)
    case "wss": throw .unsupported(.wss)
    default: transport = .udp
    }
    // RFC 3261, section 26.2.2: `sips` is TLS, whatever else is written there.
    if uri.scheme == .sips { transport = .tls }
    if let maddr = uri.parameters["maddr"] {
      host = IPAddress(maddr).map { .address($0) } ?? .name(maddr)
    } else {
      host = uri.host
    }
    port = uri.port ?? transport.defaultPort
  }
}

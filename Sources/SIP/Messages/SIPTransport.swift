/// A transport that SIP runs over here: RFC 3261, section 18, and RFC 7118 for WebSocket.
package enum SIPTransport: String, Hashable, Sendable, Codable, CaseIterable {
  case udp = "UDP"
  case tcp = "TCP"
  case tls = "TLS"
  case ws = "WS"
  case wss = "WSS"

  /// True if the transport itself repeats what got lost, so that transactions need not.
  package var isReliable: Bool { self != .udp }

  /// True if nobody on the way can read along.
  package var isSecure: Bool { self == .tls || self == .wss }

  /// In a URI's `transport`: `ws` with and without TLS (RFC 7118, section 5.1).
  package var uriParameter: String { self == .wss ? "ws" : rawValue.lowercased() }

  /// The port when an address names none (RFC 3261, section 19.1.2; RFC 7118, section 5.3).
  package var defaultPort: UInt16 {
    switch self {
    case .udp, .tcp: 5060
    case .tls: 5061
    case .ws: 80
    case .wss: 443
    }
  }
}

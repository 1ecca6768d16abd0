import Primitives

/// A transport address where an agent may be reached, as `a=candidate` says it: RFC 8839, section 5.1; of TCP, RFC 6544,
/// section 4.5.
package struct ICECandidate: Hashable, Sendable, Codable {
  /// Where it is, or where its base is. Names come from browsers that hide their addresses (`….local`).
  package enum Host: Hashable, Sendable, Codable {
    case ip(IPAddress)
    case name(String)
  }

  /// How its owner learned of it: RFC 8445, section 4.
  package enum Kind: String, Hashable, Sendable, Codable {
    case host
    case serverReflexive = "srflx"
    case peerReflexive = "prflx"
    case relayed = "relay"

    /// RFC 8445, section 5.1.2.2.
    package var typePreference: UInt32 {
      switch self {
      case .host: 126
      case .peerReflexive: 110
      case .serverReflexive: 100
      case .relayed: 0
      }
    }
  }

  /// Who opens the connection: RFC 6544, section 4.5.
  package enum TCPType: String, Hashable, Sendable, Codable {
    case active, passive
    case simultaneousOpen = "so"
  }

  /// A pair of words that others add, such as `generation 0`.
  package struct Extension: Hashable, Sendable, Codable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
      self.name = name
      self.value = value
    }
  }

  package var foundation: String
  /// 1 to 256; 1 is RTP, and all with rtcp-mux.
  package var component: Int
  package var transport: ICETransport
  package var priority: UInt32
  package var host: Host
  package var port: UInt16
  package var kind: Kind
  package var relatedHost: Host?
  package var relatedPort: UInt16?
  package var tcpType: TCPType?
  package var extensions: [Extension] = []

  package init(
    foundation: String, component: Int = 1, transport: ICETransport, priority: UInt32, host: Host, port: UInt16,
    kind: Kind
  ) {
    self.foundation = foundation
    self.component = component
    self.transport = transport
    self.priority = priority
    self.host = host
    self.port = port
    self.kind = kind
  }

  /// Ours of a transport: a host candidate, of TCP a passive one.
  package init(local address: TransportAddress, transport: ICETransport) {
    let tcpType: TCPType? = transport == .tcp ? .passive : nil
    self.init(
      foundation: Self.foundation(kind: .host, base: address.ip, transport: transport), transport: transport,
      priority: Self.priority(.host, tcpType: tcpType), host: .ip(address.ip), port: address.port, kind: .host)
    self.tcpType = tcpType
  }

  /// RFC 8445, section 5.1.2.1. TCP stands one type preference below UDP, and its local preference begins with the
  /// direction (RFC 6544, section 4.2).
  ///
  /// - Parameter localPreference: among candidates of the same kind; 16 bits count for UDP, 13 for TCP.
  package static func priority(
    _ kind: Kind, tcpType: TCPType? = nil, localPreference: UInt32 = 65_535, component: Int = 1
  ) -> UInt32 {
    let component = UInt32(256 - min(max(component, 1), 256))
    guard let tcpType else { return kind.typePreference << 24 | min(localPreference, 65_535) << 8 | component }
    let preference = kind.typePreference == 0 ? 0 : kind.typePreference - 1
    let local = direction(kind, tcpType) << 13 | min(localPreference, 8_191)
    return preference << 24 | local << 8 | component
  }

  private static func direction(_ kind: Kind, _ type: TCPType) -> UInt32 {
    let isDirect = kind == .host || kind == .relayed
    return switch type {
    case .active: isDirect ? 6 : 4
    case .passive: isDirect ? 4 : 2
    case .simultaneousOpen: isDirect ? 2 : 6
    }
  }

  /// The same for candidates of the same kind, base and transport: RFC 8445, section 5.1.1.3. Up to 10 digits.
  package static func foundation(kind: Kind, base: IPAddress, transport: ICETransport) -> String {
    let text = Array("\(kind.rawValue) \(base) \(transport.rawValue)".utf8)
    return String(CRC32.checksum(text.span, count: text.count))
  }
}

/// How a candidate is reached: RFC 8839, section 5.1, and RFC 6544, section 4.5.
package enum ICETransport: String, Hashable, Sendable, Codable {
  case udp = "UDP"
  case tcp = "TCP"

  /// Names ignore case; nil for transports that are not spoken here.
  package init?(name: some StringProtocol) {
    guard let transport = ICETransport(rawValue: name.uppercased()) else { return nil }
    self = transport
  }
}

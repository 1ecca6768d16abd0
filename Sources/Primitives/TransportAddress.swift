/// An IP address and a port: where a datagram comes from or goes to.
package struct TransportAddress: Hashable, Sendable, Codable {
  package var ip: IPAddress
  package var port: UInt16

  package init(_ ip: IPAddress, port: UInt16) {
    self.ip = ip
    self.port = port
  }

  /// Reads `192.0.2.1:5060` or `[2001:db8::1]:5060`; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let colon = text.lastIndex(of: ":") else { return nil }
    let host = text[..<colon]
    let digits = text[text.index(after: colon)...]
    guard !host.contains(":") || (host.hasPrefix("[") && host.hasSuffix("]")),
      digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let port = UInt16(digits), let ip = IPAddress(host)
    else { return nil }
    self.init(ip, port: port)
  }
}

extension TransportAddress: CustomStringConvertible {
  package var description: String { ip.isV6 ? "[\(ip)]:\(port)" : "\(ip):\(port)" }
}

import Primitives

/// One hop of a message's way: RFC 3261, section 20.42, with `rport` of RFC 3581.
package struct Via: Hashable, Sendable {
  /// `SIP/2.0`, or what an unknown version calls itself.
  package var version: String
  /// As on the wire, in capitals; unknown transports are kept.
  package var transport: String
  /// The sent-by host.
  package var host: SIPHost
  /// The sent-by port.
  package var port: UInt16?
  package var parameters = SIPParameters()

  package init(transport: SIPTransport, host: SIPHost, port: UInt16? = nil, branch: String? = nil) {
    self.version = "SIP/2.0"
    self.transport = transport.rawValue
    self.host = host
    self.port = port
    if let branch { parameters["branch"] = branch }
  }

  package init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let name = scanner.token(), scanner.takeSeparator(UInt8(ascii: "/")), let number = scanner.token(),
      scanner.takeSeparator(UInt8(ascii: "/")), let transport = scanner.token()
    else { return nil }
    guard let next = scanner.current, CharacterClass.isSpace(next) else { return nil }
    scanner.skipSpace()
    let hostText: String
    if scanner.current == UInt8(ascii: "[") {
      let inner = scanner.take { $0 != UInt8(ascii: "]") }
      guard scanner.take(UInt8(ascii: "]")) else { return nil }
      hostText = inner + "]"
    } else {
      hostText = scanner.take(while: CharacterClass.isHostName)
    }
    guard let host = SIPHost(hostText) else { return nil }
    var port: UInt16?
    if scanner.takeSeparator(UInt8(ascii: ":")) {
      guard let value = CharacterClass.number(scanner.take(while: CharacterClass.isDigit), as: UInt16.self) else {
        return nil
      }
      port = value
    }
    guard let parameters = SIPParameters(&scanner) else { return nil }
    self.version = "\(name)/\(number)"
    self.transport = transport.uppercased()
    self.host = host
    self.port = port
    self.parameters = parameters
  }

  /// The transport, if it is spoken here.
  package var knownTransport: SIPTransport? { SIPTransport(rawValue: transport) }
  package var branch: String? { parameters["branch"].flatMap { $0.isEmpty ? nil : $0 } }
  package var received: String? { parameters["received"] }
  package var maddr: String? { parameters["maddr"] }
  /// The value of `rport`; nil also when it is there as a flag: see `parameters.has("rport")`.
  package var rport: UInt16? { parameters["rport"].flatMap { CharacterClass.number($0, as: UInt16.self) } }
}

extension Via: CustomStringConvertible {
  package var description: String {
    let sentBy = port.map { "\(host):\($0)" } ?? host.description
    return "\(version)/\(transport) \(sentBy)\(parameters)"
  }
}

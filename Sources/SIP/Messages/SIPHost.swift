import Primitives

/// The host of a URI or Via: a name or an address, RFC 3261, section 25.1 (`host`).
package enum SIPHost: Hashable, Sendable {
  case name(String)
  case address(IPAddress)

  /// Reads a host name, dotted IPv4 or bracketed IPv6; nil for anything else.
  package init?(_ text: some StringProtocol) {
    guard let first = text.utf8.first else { return nil }
    if first == UInt8(ascii: "[") {
      guard let address = IPAddress(text), address.isV6 else { return nil }
      self = .address(address)
    } else if let address = IPAddress(text), !address.isV6 {
      self = .address(address)
    } else {
      // Underscores are outside of the RFC, but are seen in private networks.
      guard text.utf8.count <= 255, text.utf8.allSatisfy(CharacterClass.isHostName) else { return nil }
      self = .name(String(text))
    }
  }

  package var address: IPAddress? { if case .address(let address) = self { address } else { nil } }

  /// Same host: names without regard to case.
  package func isEquivalent(to other: SIPHost) -> Bool {
    switch (self, other) {
    case (.name(let left), .name(let right)): left.lowercased() == right.lowercased()
    case (.address(let left), .address(let right)): left == right
    case (.name, .address), (.address, .name): false
    }
  }
}

extension SIPHost: CustomStringConvertible {
  package var description: String {
    switch self {
    case .name(let name): name
    case .address(let address): address.isV6 ? "[\(address)]" : address.description
    }
  }
}

/// A block of addresses: RFC 4632, section 3.1, and RFC 4291, section 2.3.
package struct IPNetwork: Hashable, Sendable, CustomStringConvertible {
  /// With zeros beyond the prefix.
  package let address: IPAddress
  /// Bits of the prefix: 0 to 32, or 0 to 128.
  package let length: Int

  /// Nil for a length that such an address has not.
  package init?(_ address: IPAddress, length: Int) {
    let address = address.unmapped
    guard (0...(address.isV6 ? 128 : 32)).contains(length) else { return nil }
    self.address = IPNetwork.prefix(of: address, length: length)
    self.length = length
  }

  /// `10.0.0.0/8`, `fd00::/8`; an address alone is a block of one.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    guard let first = parts.first, let address = IPAddress(first) else { return nil }
    guard parts.count == 2 else {
      self.init(address, length: address.unmapped.isV6 ? 128 : 32)
      return
    }
    guard (1...3).contains(parts[1].utf8.count), parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let length = Int(parts[1])
    else { return nil }
    self.init(address, length: length)
  }

  /// An IPv4-mapped address lies where its IPv4 address does.
  package func contains(_ other: IPAddress) -> Bool {
    let other = other.unmapped
    return other.isV6 == address.isV6 && IPNetwork.prefix(of: other, length: length) == address
  }

  package var description: String { "\(address)/\(length)" }

  private static func prefix(of address: IPAddress, length: Int) -> IPAddress {
    switch address {
    // Shifts by the whole width give 0.
    case .v4(let bits): .v4(bits & (UInt32.max << UInt32(max(0, 32 - length))))
    case .v6(let upper, let lower):
      .v6(
        upper & (UInt64.max << UInt64(max(0, 64 - length))),
        lower & (UInt64.max << UInt64(min(64, max(0, 128 - length)))))
    }
  }
}

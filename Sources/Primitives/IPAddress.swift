/// An IPv4 or IPv6 address as a value: compared, hashed and printed without the C library.
package enum IPAddress: Hashable, Sendable, Codable {
  /// The 32 bits in host order: 127.0.0.1 is 0x7F00_0001.
  case v4(UInt32)
  /// The upper and the lower 64 bits in host order: `::1` is (0, 1).
  case v6(UInt64, UInt64)

  package static let loopbackV4 = IPAddress.v4(0x7F00_0001)
  package static let anyV4 = IPAddress.v4(0)
  package static let loopbackV6 = IPAddress.v6(0, 1)
  package static let anyV6 = IPAddress.v6(0, 0)

  /// Reads a literal: dotted IPv4, or IPv6 as in RFC 4291, section 2.2, with or without brackets, without a zone.
  /// Nil for anything else; host names are not resolved here.
  package init?(_ text: some StringProtocol) {
    var text = Substring(text)
    if text.hasPrefix("["), text.hasSuffix("]") {
      text = text.dropFirst().dropLast()
      guard text.contains(":") else { return nil }
    }
    if text.contains(":") {
      guard let address = IPAddress.parseV6(text) else { return nil }
      self = address
    } else {
      guard let bits = IPAddress.parseV4(text) else { return nil }
      self = .v4(bits)
    }
  }

  package var isV6: Bool { if case .v6 = self { true } else { false } }

  /// 0.0.0.0 or `::`: the hold address of RFC 3264's forerunner, and "any" for listeners.
  /// An IPv4-mapped address is what its IPv4 address is; so with the two below.
  package var isUnspecified: Bool { unmapped == .anyV4 || self == .anyV6 }

  package var isLoopback: Bool {
    switch unmapped {
    case .v4(let bits): bits >> 24 == 127
    case .v6(let upper, let lower): upper == 0 && lower == 1
    }
  }

  package var isMulticast: Bool {
    switch unmapped {
    case .v4(let bits): bits >> 28 == 0xE
    case .v6(let upper, _): upper >> 56 == 0xFF
    }
  }

  /// An IPv4-mapped IPv6 address (`::ffff:a.b.c.d`) as its IPv4 address; every other address as it is.
  package var unmapped: IPAddress {
    if case .v6(0, let lower) = self, lower >> 32 == 0xFFFF { return .v4(UInt32(truncatingIfNeeded: lower)) }
    return self
  }

  private static func parseV4(_ text: Substring) -> UInt32? {
    guard text.utf8.count <= 15 else { return nil }
    let parts = text.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var bits: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.utf8.count), part.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        let value = UInt8(part)
      else { return nil }
      bits = bits << 8 | UInt32(value)
    }
    return bits
  }

  private static func parseV6(_ text: Substring) -> IPAddress? {
    guard text.utf8.count <= 45 else { return nil }
    let halves = splitAtDoubleColon(text)
    // Dotted IPv4 may only close the address, so not stand before "::".
    guard let halves, !halves.compressed || !halves.head.contains("."), let head = groups(halves.head),
      let tail = groups(halves.tail)
    else { return nil }
    let missing = 8 - head.count - tail.count
    guard halves.compressed ? missing >= 1 : missing == 0 else { return nil }
    let all = head + Array(repeating: UInt16(0), count: missing) + tail
    var upper: UInt64 = 0
    var lower: UInt64 = 0
    for index in 0..<4 { upper = upper << 16 | UInt64(all[index]) }
    for index in 4..<8 { lower = lower << 16 | UInt64(all[index]) }
    return .v6(upper, lower)
  }

  private static func splitAtDoubleColon(_ text: Substring) -> (head: Substring, tail: Substring, compressed: Bool)? {
    var index = text.startIndex
    while index < text.endIndex {
      let next = text.index(after: index)
      if text[index] == ":", next < text.endIndex, text[next] == ":" {
        let tail = text[text.index(after: next)...]
        // A second "::" would be ambiguous.
        var cursor = tail.startIndex
        while cursor < tail.endIndex {
          let following = tail.index(after: cursor)
          if tail[cursor] == ":", following < tail.endIndex, tail[following] == ":" { return nil }
          cursor = following
        }
        return (text[..<index], tail, true)
      }
      index = next
    }
    return (text, text[text.endIndex...], false)
  }

  private static func groups(_ text: Substring) -> [UInt16]? {
    if text.isEmpty { return [] }
    var groups: [UInt16] = []
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    for (index, part) in parts.enumerated() {
      if part.contains(".") {
        guard index == parts.count - 1, let bits = parseV4(part) else { return nil }
        groups.append(UInt16(bits >> 16))
        groups.append(UInt16(bits & 0xFFFF))
      } else {
        guard (1...4).contains(part.utf8.count), part.utf8.allSatisfy({ $0 != 0x2B && $0 != 0x2D }),
          let value = UInt16(part, radix: 16)
        else { return nil }
        groups.append(value)
      }
    }
    return groups.count <= 8 ? groups : nil
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted IPv4, or IPv6 in the canonical form of RFC 5952, without brackets.
  package var description: String {
    switch self {
    case .v4(let bits):
      return "\(bits >> 24).\((bits >> 16) & 0xFF).\((bits >> 8) & 0xFF).\(bits & 0xFF)"
    case .v6(let upper, let lower):
      if upper == 0, lower >> 32 == 0xFFFF {
        return "::ffff:" + IPAddress.v4(UInt32(truncatingIfNeeded: lower)).description
      }
      let groups = (0..<8).map { index in
        UInt16(truncatingIfNeeded: (index < 4 ? upper : lower) >> UInt64(48 - 16 * (index % 4)))
      }
      return IPAddress.compress(groups)
    }
  }

  /// The longest run of two or more zero groups becomes "::", the first one on a tie (RFC 5952, section 4.2).
  private static func compress(_ groups: [UInt16]) -> String {
    var best = 0..<0
    var index = 0
    while index < 8 {
      var end = index
      while end < 8, groups[end] == 0 { end += 1 }
      if end - index > max(best.count, 1) { best = index..<end }
      index = max(end, index + 1)
    }
    let hex = groups.map { String($0, radix: 16) }
    if best.isEmpty { return hex.joined(separator: ":") }
    return hex[..<best.lowerBound].joined(separator: ":") + "::" + hex[best.upperBound...].joined(separator: ":")
  }
}

/// A ufrag of ours as one word: the key of the table that finds a leg by its first check. Ours have 4 to 8 characters.
package struct UfragKey: Hashable, Sendable, Codable {
  /// The characters' octets, the last one lowest.
  package let bits: UInt64

  /// Reads `ufrag` or `ufrag:…`; nil if the ufrag has not 4 to 8 characters of those that RFC 8839 allows.
  package init?(_ username: Span<UInt8>) {
    var bits: UInt64 = 0
    var count = 0
    for index in 0..<min(username.count, 9) {
      let octet = username[index]
      if octet == UInt8(ascii: ":") { break }
      guard ICECredentials.isICECharacter(octet) else { return nil }
      bits = bits << 8 | UInt64(octet)
      count &+= 1
    }
    guard (4...8).contains(count) else { return nil }
    self.bits = bits
  }

  package init?(_ ufrag: String) {
    let octets = Array(ufrag.utf8)
    guard !octets.contains(UInt8(ascii: ":")), let key = UfragKey(octets.span) else { return nil }
    self = key
  }
}

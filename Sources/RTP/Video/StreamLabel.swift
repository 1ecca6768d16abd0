/// A short text that names a stream in header extensions: `mid` (RFC 9143), `rid` and `repaired-rid` (RFC 8852).
///
/// Held in place, so that reading and comparing one per packet takes no memory.
package struct StreamLabel: Hashable, Sendable {
  /// What a one-byte header extension element can carry.
  package static let maximumCount = 16

  /// The octets, the first one highest, zeros behind.
  private var upper: UInt64 = 0
  private var lower: UInt64 = 0
  package private(set) var count = 0

  /// Nil for an empty or a longer text.
  package init?(_ octets: Span<UInt8>) {
    guard (1...Self.maximumCount).contains(octets.count) else { return nil }
    for index in 0..<octets.count { append(octets[index]) }
  }

  package init?(_ text: String) {
    guard (1...Self.maximumCount).contains(text.utf8.count) else { return nil }
    for octet in text.utf8 { append(octet) }
  }

  /// Zero behind the end.
  package subscript(index: Int) -> UInt8 {
    guard (0..<Self.maximumCount).contains(index) else { return 0 }
    let half = index < 8 ? upper : lower
    return UInt8(truncatingIfNeeded: half >> UInt64(56 &- 8 &* (index & 7)))
  }

  private mutating func append(_ octet: UInt8) {
    let bits = UInt64(octet) << UInt64(56 &- 8 &* (count & 7))
    if count < 8 { upper |= bits } else { lower |= bits }
    count &+= 1
  }
}

extension StreamLabel: CustomStringConvertible {
  package var description: String { String(decoding: (0..<count).map { self[$0] }, as: UTF8.self) }
}

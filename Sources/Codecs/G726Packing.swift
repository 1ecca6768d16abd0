/// How G.726 code words lie in octets.
///
/// ```
///   least significant first (RFC 3551)     most significant first (ITU-T I.366.2)
///         7 6 5 4 3 2 1 0                         7 6 5 4 3 2 1 0
///        +-+-+-+-+-+-+-+-+                       +-+-+-+-+-+-+-+-+
///   16   |d|d|c|c|b|b|a|a|                       |a|a|b|b|c|c|d|d|
///        +-+-+-+-+-+-+-+-+                       +-+-+-+-+-+-+-+-+
///   24   |c|c|b|b|b|a|a|a|                       |a|a|a|b|b|b|c|c|
///        |f|e|e|e|d|d|d|c|                       |c|d|d|d|e|e|e|f|
///        |h|h|h|g|g|g|f|f|                       |f|f|g|g|g|h|h|h|
///        +-+-+-+-+-+-+-+-+                       +-+-+-+-+-+-+-+-+
///   32   |b|b|b|b|a|a|a|a|                       |a|a|a|a|b|b|b|b|
///        +-+-+-+-+-+-+-+-+                       +-+-+-+-+-+-+-+-+
///   40   |b|b|b|a|a|a|a|a|                       |a|a|a|a|a|b|b|b|
///        |d|c|c|c|c|c|b|b|                       |b|b|c|c|c|c|c|d|
///        |e|e|e|e|d|d|d|d|                       |d|d|d|d|e|e|e|e|
///        |g|g|f|f|f|f|f|e|                       |e|f|f|f|f|f|g|g|
///        |h|h|h|h|h|g|g|g|                       |g|g|g|h|h|h|h|h|
///        +-+-+-+-+-+-+-+-+                       +-+-+-+-+-+-+-+-+
/// ```
package enum G726Packing: Hashable, Sendable, Codable, CaseIterable {
  /// `G726-16` to `G726-40` (RFC 3551, section 4.5.4).
  case rfc3551
  /// `AAL2-G726-16` to `AAL2-G726-40` (ITU-T I.366.2, Annex E). Some devices send it under the names of the other.
  case aal2
}

extension G726Packing {
  /// Where an item of so many bits lies in a word of so many octets: the word's least significant octet comes first, or last.
  @inline(__always)
  func shift(_ index: Int, bits: Int, octets: Int) -> Int {
    switch self {
    case .rfc3551: index &* bits
    case .aal2: octets &* 8 &- (index &+ 1) &* bits
    }
  }
}

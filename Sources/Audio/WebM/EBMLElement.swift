/// The head of one element; RFC 8794, sections 4 to 6.
///
/// ```
/// ID: 1 to 4 octets, the zeros before the first one bit tell how many more; kept with that bit
/// size of the body: 1 to 8 octets, likewise, without that bit; all ones: not known yet
/// ```
struct EBMLElement: Hashable, Sendable {
  var id: UInt32
  /// Octets of the body; nil if they were not known when the head was written.
  var size: Int?
  /// Where the element begins and where its body does.
  var start: Int
  var bodyStart: Int

  /// Nil if the octets at `place` are no head, or end within it.
  static func parse(_ octets: Span<UInt8>, at place: Int) -> EBMLElement? {
    guard place >= 0, place < octets.count else { return nil }
    let idCount = octets[place].leadingZeroBitCount &+ 1
    guard idCount <= 4, place &+ idCount < octets.count else { return nil }
    var id: UInt32 = 0
    for index in 0..<idCount { id = id << 8 | UInt32(octets[place &+ index]) }
    let sizePlace = place &+ idCount
    let sizeCount = octets[sizePlace].leadingZeroBitCount &+ 1
    guard sizeCount <= 8, sizePlace &+ sizeCount <= octets.count else { return nil }
    var size: UInt64 = 0
    for index in 0..<sizeCount { size = size << 8 | UInt64(octets[sizePlace &+ index]) }
    let mask = (UInt64(1) << UInt64(7 &* sizeCount)) &- 1
    size &= mask
    return EBMLElement(
      id: id, size: size == mask ? nil : Int(size), start: place, bodyStart: sizePlace &+ sizeCount)
  }

  /// The body as far as it lies within `limit`; nil if it does not.
  func body(within limit: Int) -> Range<Int>? {
    guard let size, bodyStart <= limit, size <= limit &- bodyStart else { return nil }
    return bodyStart..<bodyStart &+ size
  }

  /// An unsigned integer of 0 to 8 octets (section 7.2); nil if there are more.
  static func number(_ octets: Span<UInt8>, _ body: Range<Int>) -> UInt64? {
    guard body.count <= 8, body.lowerBound >= 0, body.upperBound <= octets.count else { return nil }
    var value: UInt64 = 0
    for index in body { value = value << 8 | UInt64(octets[index]) }
    return value
  }

  /// A floating-point number of 0, 4 or 8 octets (section 7.3).
  static func float(_ octets: Span<UInt8>, _ body: Range<Int>) -> Double? {
    guard let bits = number(octets, body) else { return nil }
    return switch body.count {
    case 0: 0
    case 4: Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
    case 8: Double(bitPattern: bits)
    default: nil
    }
  }
}

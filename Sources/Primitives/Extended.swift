/// A counter that wraps on the wire, counted on without wrapping: RTP sequence numbers (16 bits) and timestamps
/// (32 bits), RFC 3550, appendix A.1.
///
/// The value nearest to the last one wins, so up to half the range of reordering is understood.
package struct Extended<Wire: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  /// The highest value seen, or nil before the first.
  @usableFromInline var highest: Int64?

  @inlinable package init() {}

  /// The unwrapped value for what stood on the wire. The first value starts the count.
  @_specialize(where Wire == UInt16)
  @_specialize(where Wire == UInt32)
  package mutating func extend(_ wire: Wire) -> Int64 {
    let value = peek(wire)
    if let highest { self.highest = value > highest ? value : highest } else { highest = value }
    return value
  }

  /// The unwrapped value, without counting it as seen.
  @_specialize(where Wire == UInt16)
  @_specialize(where Wire == UInt32)
  package func peek(_ wire: Wire) -> Int64 {
    guard let highest else { return Int64(truncatingIfNeeded: wire) }
    let step = wire &- Wire(truncatingIfNeeded: highest)
    // The top bit of the difference is its sign: a step back is a late packet.
    let isBack = step >= (1 as Wire) << (Wire.bitWidth - 1)
    let forward = Int64(truncatingIfNeeded: step)
    return isBack ? highest &+ forward &- (Int64(1) << Int64(Wire.bitWidth)) : highest &+ forward
  }

  /// The highest value seen so far.
  @inlinable package var last: Int64? { highest }
}

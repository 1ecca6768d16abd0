/// Which of the last 128 packet indices were seen; RFC 3711, section 3.3.2.
struct ReplayWindow: Hashable, Sendable {
  /// Indices that it reaches back, the highest one included.
  static let size = 128

  /// The highest index seen, or nil before the first.
  private(set) var highest: UInt64?
  /// Bit n: `highest` − n was seen.
  private var seen: UInt128 = 0

  /// - Throws: `replayed` or `tooOld`.
  func check(_ index: UInt64) throws(SRTPError) {
    guard let highest, index <= highest else { return }
    let age = highest &- index
    guard age < UInt64(Self.size) else { throw .tooOld }
    guard seen & (UInt128(1) &<< UInt128(age)) == 0 else { throw .replayed }
  }

  /// Counts an index that was checked and is authentic.
  mutating func record(_ index: UInt64) {
    guard let highest else {
      self.highest = index
      seen = 1
      return
    }
    if index > highest {
      let step = index &- highest
      seen = step < UInt64(Self.size) ? seen &<< UInt128(step) | 1 : 1
      self.highest = index
    } else {
      let age = highest &- index
      if age < UInt64(Self.size) { seen |= UInt128(1) &<< UInt128(age) }
    }
  }
}

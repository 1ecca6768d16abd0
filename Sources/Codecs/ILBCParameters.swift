/// What one coded frame says, in the order of the bit stream (RFC 3951, section 3.8, table 3.2).
///
/// ```
///                              20 ms         30 ms     bits each
/// spectra of the frame             1             2     6, 7, 7
/// sub-blocks of the start state    1             1     2 or 3
/// place of the state in them       1             1     1
/// scale of the state               1             1     6
/// samples of the state            57            58     3
/// rest of the two sub-blocks       1             1     vectors 7, 7, 7, then gains 5, 4, 3
/// vectors of the sub-blocks        2             4     8, 7, 7, then 8, 8, 8
/// gains of the sub-blocks          2             4     5, 4, 3
/// empty frame                      1             1     1
///                                304           400     bits
/// ```
/// Each value is cut into up to three pieces, the most sensitive first: the pieces of class 1 of all values come first,
/// then those of class 2 and of class 3 (`ILBCBitTable`).
struct ILBCParameters: Sendable {
  let frame: ILBCFrame
  /// One after the other, without the empty frame bit.
  var values = InlineArray<97, UInt8>(repeating: 0)

  init(frame: ILBCFrame) { self.frame = frame }

  private var header: Int { 3 &* frame.spectra }
  private var stages: Int { header &+ 3 &+ frame.stateSamples }

  /// How many of the values are in use.
  var count: Int { stages &+ 6 &+ 6 &* frame.codedSubblocks }

  /// Codes of the line spectral frequencies of the first or second analysis.
  subscript(spectrum index: Int) -> InlineArray<3, UInt8> {
    get { [values[3 &* index], values[3 &* index &+ 1], values[3 &* index &+ 2]] }
    set { for part in 0..<3 { values[3 &* index &+ part] = newValue[part] } }
  }

  /// The start state lies in the sub-blocks `start` − 1 and `start`; valid from 1 to their number less 1.
  var start: Int {
    get { Int(values[header]) }
    set { values[header] = UInt8(truncatingIfNeeded: newValue) }
  }

  /// Whether the start state is the first 57 or 58 samples of these 80, not the last.
  var stateIsFirst: Bool {
    get { values[header &+ 1] != 0 }
    set { values[header &+ 1] = newValue ? 1 : 0 }
  }

  var stateScale: UInt8 {
    get { values[header &+ 2] }
    set { values[header &+ 2] = newValue }
  }

  subscript(state index: Int) -> UInt8 {
    get { values[header &+ 3 &+ index] }
    set { values[header &+ 3 &+ index] = newValue }
  }

  /// The three stages of a segment, by its number in the order of coding; 0 is the rest of the start state's
  /// sub-blocks.
  subscript(segment number: Int) -> ILBCStages {
    get {
      let (vectors, gains) = places(of: number)
      var result = ILBCStages()
      for stage in 0..<3 {
        let code = values[vectors &+ stage]
        result.vectors[stage] = number == 1 && stage > 0 ? Self.widened(code) : code
        result.gains[stage] = values[gains &+ stage]
      }
      return result
    }
    set {
      let (vectors, gains) = places(of: number)
      for stage in 0..<3 {
        let index = newValue.vectors[stage]
        values[vectors &+ stage] = number == 1 && stage > 0 ? Self.narrowed(index) : index
        values[gains &+ stage] = newValue.gains[stage]
      }
    }
  }

  private func places(of number: Int) -> (vectors: Int, gains: Int) {
    guard number > 0 else { return (stages, stages &+ 3) }
    let vectors = stages &+ 3 &+ 3 &* number
    return (vectors, vectors &+ 3 &* frame.codedSubblocks)
  }

  // The later stages of the first sub-block search 44 of 108 vectors of each section only: 7 bits are enough.

  private static func narrowed(_ index: UInt8) -> UInt8 {
    if index >= 236 { return index &- 128 }
    return index >= 108 && index < 172 ? index &- 64 : index
  }

  private static func widened(_ code: UInt8) -> UInt8 {
    if code >= 108 { return code < 128 ? code &+ 128 : code }
    return code >= 44 ? code &+ 64 : code
  }
}

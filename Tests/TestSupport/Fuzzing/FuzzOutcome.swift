/// What became of one input: whether it was taken, and what it looked like inside.
///
/// Inputs of a shape that was not seen before join the corpus: a cheap stand-in for coverage that needs no instrumented
/// build. A shape is made of enum cases and rough sizes, never of the input's own octets.
package struct FuzzOutcome: Sendable {
  package private(set) var isAccepted: Bool
  package private(set) var shape: UInt64

  private init(isAccepted: Bool) {
    self.isAccepted = isAccepted
    shape = isAccepted ? 0xCBF2_9CE4_8422_2325 : 0x8422_2325_CBF2_9CE4
  }

  package static var accepted: FuzzOutcome { FuzzOutcome(isAccepted: true) }
  package static var refused: FuzzOutcome { FuzzOutcome(isAccepted: false) }

  /// A step of FNV-1a.
  package mutating func add(_ value: Int) { shape = (shape ^ UInt64(bitPattern: Int64(value))) &* 0x100_0000_01B3 }
  package mutating func add(_ value: Bool) { add(value ? 1 : 0) }

  /// A size as its magnitude: 5, 6 and 7 are alike, 8 is not.
  package mutating func add(size: Int) { add(Int.bitWidth - max(size, 0).leadingZeroBitCount) }

  /// A word from a small set, such as an error's reason.
  package mutating func add(_ word: String) { for byte in word.utf8.prefix(48) { add(Int(byte)) } }
}

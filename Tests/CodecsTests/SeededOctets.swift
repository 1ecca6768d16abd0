/// Octets that look random and are the same in each run.
struct SeededOctets {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt8 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return UInt8(truncatingIfNeeded: state >> 56)
  }

  /// From 0 up to `bound`, which is left out.
  mutating func number(below bound: Int) -> Int { (Int(next()) << 8 | Int(next())) % bound }

  mutating func octets(_ count: Int) -> [UInt8] { (0..<count).map { _ in next() } }

  mutating func samples(_ count: Int) -> [Int16] {
    (0..<count).map { _ in Int16(truncatingIfNeeded: Int(next()) << 8 | Int(next())) }
  }
}

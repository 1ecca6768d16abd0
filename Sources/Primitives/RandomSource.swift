/// Where randomness comes from: the system's generator in the server, a seeded one in tests and simulations.
///
/// One concrete type, so that a machine can hold it without being generic.
package struct RandomSource: RandomNumberGenerator, Sendable {
  /// State of SplitMix64, or nil for the system's generator.
  private var state: UInt64?

  private init(state: UInt64?) { self.state = state }

  /// Unpredictable: for tags, branches, SSRCs, ports.
  package static var system: RandomSource { RandomSource(state: nil) }

  /// Repeatable: for tests.
  package static func seeded(_ seed: UInt64) -> RandomSource { RandomSource(state: seed) }

  package mutating func next() -> UInt64 {
    guard var state else {
      var system = SystemRandomNumberGenerator()
      return system.next()
    }
    // SplitMix64 (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    state &+= 0x9E37_79B9_7F4A_7C15
    self.state = state
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }

  /// `count` characters of lower-case hex: a token fit for a tag, branch or Call-ID.
  package mutating func token(_ count: Int) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var bytes: [UInt8] = []
    bytes.reserveCapacity(count)
    var bits: UInt64 = 0
    for index in 0..<count {
      if index % 16 == 0 { bits = next() }
      bytes.append(digits[Int(bits & 0xF)])
      bits >>= 4
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// The short-term predictor's coefficients: from a signal to codes, and from codes to the coefficients of a frame's four parts
/// (GSM 06.10, sections 5.2.4 to 5.2.9).
struct GSMShortTerm: Sendable {
  /// Where the four parts of a frame end, in samples: the first three lie between two frames' coefficients.
  @inline(__always)
  static var ends: InlineArray<4, Int> { [13, 27, 40, 160] }

  /// LARpp of the frame before.
  private var former = InlineArray<8, Int32>(repeating: 0)

  /// The reflection coefficients (rp) of each part of the frame with these codes (LARc).
  mutating func coefficients(_ codes: InlineArray<8, UInt8>) -> InlineArray<4, SIMD8<Int16>> {
    let (scales, offsets) = (GSMTables.inverseRatioScales, GSMTables.ratioOffsets)
    let lowest = GSMTables.lowestRatios
    let old = former
    var new = old
    for index in 0..<8 {
      let value = (Int32(codes[index]) &+ lowest[index]) &<< 10 &- offsets[index] &<< 1
      new[index] = 2 &* GSMArithmetic.product(scales[index], value)
    }
    former = new
    var result = InlineArray<4, SIMD8<Int16>>(repeating: .zero)
    for index in 0..<8 {
      let (before, now) = (old[index], new[index])
      result[0][index] = Self.reflection(before &>> 2 &+ now &>> 2 &+ before &>> 1)
      result[1][index] = Self.reflection(before &>> 1 &+ now &>> 1)
      result[2][index] = Self.reflection(before &>> 2 &+ now &>> 2 &+ now &>> 1)
      result[3][index] = Self.reflection(now)
    }
    return result
  }

  /// A log area ratio as a reflection coefficient (section 5.2.9.2).
  @inline(__always)
  private static func reflection(_ ratio: Int32) -> Int16 {
    let magnitude = abs(ratio)
    let value =
      magnitude < 11_059 ? magnitude &<< 1 : magnitude < 20_070 ? magnitude &+ 11_059 : magnitude &>> 2 &+ 26_112
    return Int16(truncatingIfNeeded: ratio < 0 ? 0 &- value : value)
  }

  /// The codes (LARc) of 160 samples, of which those too loud for the sums lose their lowest bits.
  static func codes(_ signal: inout MutableSpan<Int16>) -> InlineArray<8, UInt8> {
    let reflections = reflections(correlations(&signal))
    let (scales, offsets) = (GSMTables.ratioScales, GSMTables.ratioOffsets)
    let lowest = GSMTables.lowestRatios
    var codes = InlineArray<8, UInt8>(repeating: 0)
    for index in 0..<8 {
      let value = (scales[index] &* ratio(reflections[index])) &>> 15 &+ offsets[index] &+ 256
      // The highest is the lowest, inverted.
      codes[index] = UInt8(truncatingIfNeeded: min(max(value &>> 9, lowest[index]), ~lowest[index]) &- lowest[index])
    }
    return codes
  }

  /// Section 5.2.6.
  @inline(__always)
  private static func ratio(_ reflection: Int32) -> Int32 {
    let magnitude = abs(reflection)
    let value =
      magnitude < 22_118 ? magnitude &>> 1 : magnitude < 31_130 ? magnitude &- 11_059 : (magnitude &- 26_112) &<< 2
    return reflection < 0 ? 0 &- value : value
  }

  /// Section 5.2.4: nine sums of products.
  private static func correlations(_ signal: inout MutableSpan<Int16>) -> InlineArray<9, Int32> {
    var signal = signal._mutatingExtracting(first: GSMPacket.frameSamples)
    // Zeros lie before the frame.
    var scaled = InlineArray<168, Int16>(repeating: 0)
    var peak: Int32 = 0
    for index in 0..<GSMPacket.frameSamples { peak = max(peak, abs(Int32(signal[index]))) }
    let shift = peak == 0 ? 0 : max(20 &- GSMArithmetic.headroom(min(peak, 32_767)), 0)
    do {
      var scaled = scaled.mutableSpan
      if shift > 0 {
        let half: Int32 = 1 &<< (shift &- 1)
        for index in 0..<GSMPacket.frameSamples {
          let value = (Int32(signal[index]) &+ half) &>> shift
          scaled[index &+ 8] = Int16(truncatingIfNeeded: value)
          // The loudest becomes the lowest here, as the standard has it.
          signal[index] = Int16(truncatingIfNeeded: value &<< shift)
        }
      } else {
        for index in 0..<GSMPacket.frameSamples { scaled[index &+ 8] = signal[index] }
      }
    }
    let window = scaled.span
    let latest = window.extracting(8..<168)
    var sums = InlineArray<9, Int32>(repeating: 0)
    for lag in 0..<9 {
      let past = window.extracting(8 &- lag..<168 &- lag)
      var sum: Int32 = 0
      for index in 0..<GSMPacket.frameSamples { sum = sum &+ Int32(latest[index]) &* Int32(past[index]) }
      sums[lag] = sum &<< 1
    }
    return sums
  }

  /// Section 5.2.5: Schur's recursion.
  private static func reflections(_ correlations: InlineArray<9, Int32>) -> InlineArray<8, Int32> {
    var result = InlineArray<8, Int32>(repeating: 0)
    guard correlations[0] > 0 else { return result }
    let shift = GSMArithmetic.headroom(correlations[0])
    var p = InlineArray<9, Int32>(repeating: 0)
    for index in 0..<9 { p[index] = (correlations[index] &<< shift) &>> 16 }
    var k = p
    for order in 0..<8 {
      let magnitude = min(abs(p[1]), 32_767)
      guard p[0] >= magnitude else { return result }
      let quotient = magnitude == 0 ? 0 : GSMArithmetic.quotient(magnitude, p[0])
      let reflection = p[1] > 0 ? 0 &- quotient : quotient
      result[order] = reflection
      guard order < 7 else { return result }
      p[0] = GSMArithmetic.saturate(p[0] &+ GSMArithmetic.product(p[1], reflection))
      for index in 1..<8 &- order {
        let next = p[index &+ 1]
        p[index] = GSMArithmetic.saturate(next &+ GSMArithmetic.product(k[index], reflection))
        k[index] = GSMArithmetic.saturate(k[index] &+ GSMArithmetic.product(next, reflection))
      }
    }
    return result
  }
}

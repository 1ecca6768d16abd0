/// The long-term predictor: 5 ms are foretold from what was 40 to 120 samples before (GSM 06.10, sections 5.2.11, 5.2.12 and 5.3.2).
///
/// Its window is the past, 120 samples, and the 40 that are worked on.
enum GSMLongTerm {
  static let past = 120
  typealias Window = InlineArray<160, Int16>

  /// The lag (Nc) and the gain's code (bc) for 40 samples of the short-term residual.
  static func search(_ residual: Span<Int16>, in window: Span<Int16>) -> (lag: UInt8, gain: UInt8) {
    let residual = residual.extracting(first: GSMSubframe.samples)
    var peak: Int32 = 0
    for index in 0..<GSMSubframe.samples { peak = max(peak, abs(Int32(residual[index]))) }
    // So that no sum overflows: nine bits.
    let shift = max(22 &- GSMArithmetic.headroom(min(peak, 32_767)), 0)
    var scaledStore = InlineArray<40, Int16>(repeating: 0)
    var scaled = scaledStore.mutableSpan
    for index in 0..<GSMSubframe.samples { scaled[index] = residual[index] &>> Int16(truncatingIfNeeded: shift) }
    let wanted = scaled.span
    var lag = 40
    var best: Int32 = 0
    for candidate in 40...past {
      let part = window.extracting(past &- candidate..<past &- candidate &+ GSMSubframe.samples)
      var sum: Int32 = 0
      for index in 0..<GSMSubframe.samples { sum = sum &+ Int32(wanted[index]) &* Int32(part[index]) }
      if sum > best { (best, lag) = (sum, candidate) }
    }
    let product = (best &<< 1) &>> (6 &- shift)
    let part = window.extracting(past &- lag..<past &- lag &+ GSMSubframe.samples)
    var power: Int32 = 0
    for index in 0..<GSMSubframe.samples {
      let value = Int32(part[index] &>> 3)
      power = power &+ value &* value
    }
    return (UInt8(truncatingIfNeeded: lag), gain(product, power: power &<< 1))
  }

  private static func gain(_ product: Int32, power: Int32) -> UInt8 {
    if product <= 0 { return 0 }
    if product >= power { return 3 }
    let shift = GSMArithmetic.headroom(power)
    let (left, right) = ((product &<< shift) &>> 16, (power &<< shift) &>> 16)
    let levels = GSMTables.gainLevels
    for code in 0..<3 where left <= (right &* levels[code]) &>> 15 { return UInt8(truncatingIfNeeded: code) }
    return 3
  }

  /// What is foretold of 40 samples (dpp).
  static func predict(lag: Int, gain: UInt8, from window: Span<Int16>) -> InlineArray<40, Int16> {
    let part = window.extracting(past &- lag..<past &- lag &+ GSMSubframe.samples)
    let factor = GSMTables.gains[Int(gain & 3)]
    var result = InlineArray<40, Int16>(repeating: 0)
    var prediction = result.mutableSpan
    for index in 0..<GSMSubframe.samples {
      prediction[index] = Int16(truncatingIfNeeded: GSMArithmetic.product(factor, Int32(part[index])))
    }
    return result
  }
}

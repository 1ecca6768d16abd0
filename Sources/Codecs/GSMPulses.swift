/// Regular pulse excitation: 40 samples as 13 pulses at every third place (GSM 06.10, sections 5.2.13 to 5.2.18).
enum GSMPulses {
  /// Five zeros, 40 samples, five zeros: what the weighting filter reads.
  typealias Window = InlineArray<50, Int16>

  /// Chooses and quantises the pulses of a residual.
  static func encode(_ residual: Span<Int16>, into subframe: inout GSMSubframe) {
    let weighted = weighted(residual)
    let signal = weighted.span
    let grid = grid(signal)
    subframe.grid = UInt8(truncatingIfNeeded: grid)
    var peak: Int32 = 0
    for index in 0..<13 { peak = max(peak, abs(Int32(signal[grid &+ 3 &* index]))) }
    peak = min(peak, 32_767)
    // Bits above the ninth, at most six.
    let exponent = 32 &- Int32(truncatingIfNeeded: (peak &>> 9).leadingZeroBitCount)
    let amplitude = peak &>> (exponent &+ 5) &+ exponent &<< 3
    subframe.amplitude = UInt8(truncatingIfNeeded: amplitude)
    let scale = Self.scale(amplitude)
    let factor = GSMTables.inverseMantissas[scale.mantissa]
    for index in 0..<13 {
      let value = Int32(Int16(truncatingIfNeeded: Int32(signal[grid &+ 3 &* index]) &<< scale.shift))
      subframe.pulses[index] = UInt8(truncatingIfNeeded: (value &* factor) &>> 27 &+ 4)
    }
  }

  /// The pulses (ep, erp) at their places among 40 samples.
  static func decode(_ subframe: GSMSubframe) -> InlineArray<40, Int16> {
    let scale = Self.scale(Int32(subframe.amplitude & 63))
    let factor = GSMTables.mantissas[scale.mantissa]
    let half: Int32 = (1 &<< scale.shift) &>> 1
    let grid = Int(subframe.grid & 3)
    var result = InlineArray<40, Int16>(repeating: 0)
    let codes = subframe.pulses
    for index in 0..<13 {
      let value = GSMArithmetic.product(factor, (Int32(codes[index] & 7) &<< 1 &- 7) &<< 12)
      result[grid &+ 3 &* index] = Int16(truncatingIfNeeded: (value &+ half) &>> scale.shift)
    }
    return result
  }

  /// The mantissa of a block amplitude (xmaxc), and by how many bits what it belongs to is shifted (6 - exp): section 5.2.15.
  @inline(__always)
  private static func scale(_ amplitude: Int32) -> (mantissa: Int, shift: Int32) {
    let exponent = amplitude > 15 ? amplitude &>> 3 &- 1 : 0
    let mantissa = amplitude &- exponent &<< 3
    if mantissa == 0 { return (7, 10) }
    // Up to four bits, of which the first is 1.
    let missing = max(Int32(truncatingIfNeeded: mantissa.leadingZeroBitCount) &- 28, 0)
    let whole = (mantissa &+ 1) &<< missing &- 1
    return (Int(whole & 7), 6 &- exponent &+ missing)
  }

  /// The residual as it is heard (x).
  private static func weighted(_ residual: Span<Int16>) -> InlineArray<40, Int16> {
    let residual = residual.extracting(first: 50)
    let weights = GSMTables.weights
    var sumStore = InlineArray<40, Int32>(repeating: 4_096)
    var sums = sumStore.mutableSpan
    for tap in 0..<11 {
      let part = residual.extracting(tap..<tap &+ 40)
      let weight = weights[tap]
      for index in 0..<40 { sums[index] = sums[index] &+ Int32(part[index]) &* weight }
    }
    var result = InlineArray<40, Int16>(repeating: 0)
    var output = result.mutableSpan
    for index in 0..<40 { output[index] = Int16(truncatingIfNeeded: GSMArithmetic.saturate(sums[index] &>> 13)) }
    return result
  }

  /// Where the first of those pulses is that have the most energy, 0 to 3.
  private static func grid(_ signal: Span<Int16>) -> Int {
    var sums = InlineArray<4, Int32>(repeating: 0)
    for index in 0..<13 {
      for grid in 0..<4 {
        let value = Int32(signal[3 &* index &+ grid] &>> 2)
        sums[grid] = sums[grid] &+ value &* value
      }
    }
    var best = 0
    for grid in 1..<4 where sums[grid] > sums[best] { best = grid }
    return best
  }
}

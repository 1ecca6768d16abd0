/// Brings a 32-bit mix to 16 bits without a wrap, a hard clip or look-ahead.
///
/// Below −2.5 dBFS a mix passes unchanged. Above, a gain lowers frames that are too loud (at once, over a quarter of a
/// frame, and back by a tenth of the distance per frame), and a smooth knee bends what still stands out.
/// Call it with frames of 10 to 20 ms.
package struct SoftLimiter: Sendable {
  /// Where the knee starts.
  static let threshold: Float = 24_576
  private var gain: Float = 1

  package init() {}

  /// The gain in force at the end of the last frame, 1 for none.
  package var currentGain: Float { gain }

  /// Writes as many samples as the shorter span has.
  package mutating func process(_ sums: Span<Int32>, into output: inout MutableSpan<Int16>) {
    let count = min(sums.count, output.count)
    guard count > 0 else { return }
    let peak = Float(Mixing.peak(sums.extracting(first: count)))
    if gain == 1, peak <= Self.threshold {
      for index in 0..<count { output[index] = Int16(truncatingIfNeeded: sums[index]) }
      return
    }
    let wanted = peak > 28_000 ? 28_000 / peak : 1
    let next = wanted < gain ? wanted : min(gain + max((wanted - gain) * 0.1, 0.001), wanted)
    let ramp = wanted < gain ? max(count / 4, 1) : count
    let step = (next - gain) / Float(ramp)
    for index in 0..<ramp {
      let current = gain + step * Float(Int32(truncatingIfNeeded: index &+ 1))
      output[index] = Rounding.sample(Self.bend(Float(sums[index]) * current))
    }
    for index in ramp..<count { output[index] = Rounding.sample(Self.bend(Float(sums[index]) * next)) }
    gain = next
  }

  /// The knee: the identity below the threshold, then a curve with the same slope that never reaches full scale.
  @inline(__always) static func bend(_ value: Float) -> Float {
    let magnitude = abs(value)
    let range = 32_767 - threshold
    let over = max(magnitude - threshold, 0)
    let bent = min(magnitude, threshold) + range * over / (over + range)
    return Float(bitPattern: bent.bitPattern | (value.bitPattern & 0x8000_0000))
  }
}

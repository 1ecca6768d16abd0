/// The kernels of a mixer: sums of 16-bit samples in 32 bits.
///
/// Each works on as many samples as the shorter span has. Gains are fixed-point with 12 fractional bits, limited to
/// 0 … 15.99, so that what `add` added `subtract` takes away exactly. 32 bits hold 65,536 talkers at full scale.
package enum Mixing {
  /// A gain as the kernels use it: 4,096 is 1.
  @inlinable package static func fixed(_ gain: Float) -> Int32 {
    // A gain that is not a number is silence.
    guard gain > 0 else { return 0 }
    return Int32(min(gain * 4_096, 65_535).rounded())
  }

  @inlinable package static func clear(_ sums: inout MutableSpan<Int32>) {
    for index in 0..<sums.count { sums[index] = 0 }
  }

  @inlinable package static func add(_ samples: Span<Int16>, into sums: inout MutableSpan<Int32>) {
    let count = min(samples.count, sums.count)
    for index in 0..<count { sums[index] &+= Int32(samples[index]) }
  }

  @inlinable package static func add(_ samples: Span<Int16>, gain: Float, into sums: inout MutableSpan<Int32>) {
    if gain == 1 { return add(samples, into: &sums) }
    let factor = fixed(gain)
    let count = min(samples.count, sums.count)
    for index in 0..<count { sums[index] &+= (Int32(samples[index]) &* factor &+ 2_048) &>> 12 }
  }

  @inlinable package static func subtract(_ samples: Span<Int16>, into sums: inout MutableSpan<Int32>) {
    let count = min(samples.count, sums.count)
    for index in 0..<count { sums[index] &-= Int32(samples[index]) }
  }

  @inlinable package static func subtract(
    _ samples: Span<Int16>, gain: Float, into sums: inout MutableSpan<Int32>
  ) {
    if gain == 1 { return subtract(samples, into: &sums) }
    let factor = fixed(gain)
    let count = min(samples.count, sums.count)
    for index in 0..<count { sums[index] &-= (Int32(samples[index]) &* factor &+ 2_048) &>> 12 }
  }

  /// Everybody's sum without one's own voice: what a talker hears.
  @inlinable package static func difference(
    _ sums: Span<Int32>, minus samples: Span<Int16>, into output: inout MutableSpan<Int32>
  ) {
    let count = min(sums.count, min(samples.count, output.count))
    for index in 0..<count { output[index] = sums[index] &- Int32(samples[index]) }
  }

  /// The largest magnitude.
  @inlinable package static func peak(_ sums: Span<Int32>) -> Int32 {
    var low: Int32 = 0
    var high: Int32 = 0
    for index in 0..<sums.count {
      low = min(low, sums[index])
      high = max(high, sums[index])
    }
    return max(high, 0 &- max(low, -.max))
  }
}

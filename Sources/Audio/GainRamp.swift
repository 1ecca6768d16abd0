/// A gain that moves in a straight line over one frame to its target, so that no change of loudness clicks.
package struct GainRamp: Sendable, Hashable {
  package private(set) var gain: Float
  /// Where the gain will be at the end of the next frame: a factor, 0 or more.
  package var target: Float

  package init(gain: Float = 1) {
    self.gain = gain
    target = gain
  }

  /// Scales a frame in place; loud results bend instead of clipping.
  package mutating func apply(to samples: inout MutableSpan<Int16>) {
    let count = samples.count
    if count == 0 || (gain == 1 && target == 1) { return }
    let step = (target - gain) / Float(count)
    for index in 0..<count {
      let current = gain + step * Float(Int32(truncatingIfNeeded: index &+ 1))
      samples[index] = Rounding.sample(SoftLimiter.bend(Float(samples[index]) * current))
    }
    gain = target
  }

  /// Adds a scaled frame to a mix.
  package mutating func add(_ samples: Span<Int16>, into sums: inout MutableSpan<Int32>) {
    if gain == target { return Mixing.add(samples, gain: gain, into: &sums) }
    let count = min(samples.count, sums.count)
    guard count > 0 else { return }
    let step = (target - gain) / Float(count)
    for index in 0..<count {
      let current = gain + step * Float(Int32(truncatingIfNeeded: index &+ 1))
      sums[index] &+= Rounding.integer(Float(samples[index]) * current)
    }
    gain = target
  }
}

/// From one signal to another within a frame, for signals that resemble each other (their amplitudes add up to one).
package enum CrossFade {
  /// Fades over the shortest of the three spans: the first sample is nearly all `old`, the last nearly all `new`.
  package static func blend(from old: Span<Int16>, to new: Span<Int16>, into output: inout MutableSpan<Int16>) {
    let count = min(old.count, min(new.count, output.count))
    let step = 1 / Float(count + 1)
    for index in 0..<count {
      let position = Float(index + 1) * step
      let weight = position * position * (3 - 2 * position)
      let before = Float(old[index])
      output[index] = Rounding.sample(before + (Float(new[index]) - before) * weight)
    }
  }

  /// Fades a frame in from silence.
  package static func fadeIn(_ samples: inout MutableSpan<Int16>) {
    let step = 1 / Float(samples.count + 1)
    for index in 0..<samples.count {
      let position = Float(index + 1) * step
      samples[index] = Rounding.sample(Float(samples[index]) * position * position * (3 - 2 * position))
    }
  }

  /// Fades a frame out to silence.
  package static func fadeOut(_ samples: inout MutableSpan<Int16>) {
    let step = 1 / Float(samples.count + 1)
    for index in 0..<samples.count {
      let position = 1 - Float(index + 1) * step
      samples[index] = Rounding.sample(Float(samples[index]) * position * position * (3 - 2 * position))
    }
  }
}

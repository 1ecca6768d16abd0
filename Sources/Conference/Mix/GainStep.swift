/// A gain that moves in a straight line over one tick, so that no change of loudness clicks.
struct GainStep: Hashable, Sendable {
  var from: Float
  var to: Float

  static let unity = GainStep(from: 1, to: 1)
  static let silence = GainStep(from: 0, to: 0)

  static func * (left: GainStep, right: GainStep) -> GainStep {
    GainStep(from: left.from * right.from, to: left.to * right.to)
  }

  /// The next tick: from where this one ended towards `target`, by `limit` at most.
  func followed(by target: Float, limit: Float = .infinity) -> GainStep {
    GainStep(from: to, to: to + min(max(target - to, -limit), limit))
  }

  /// Scales samples in place.
  func apply(to samples: inout MutableSpan<Int16>) {
    if self == .unity { return }
    let count = samples.count
    let step = (to - from) / Float(max(count, 1))
    var gain = from
    for index in 0..<count {
      samples[index] = Int16(clamping: Int32(Float(samples[index]) * gain))
      gain += step
    }
  }

  /// Scales sums in place. The first `count` only.
  func apply(to sums: inout MutableSpan<Int32>, count: Int) {
    if self == .unity { return }
    let step = (to - from) / Float(max(count, 1))
    var gain = from
    for index in 0..<count {
      // Below 2^24 a Float holds every integer; a sum of 256 talkers at full scale fits.
      sums[index] = Int32(Float(sums[index]) * gain)
      gain += step
    }
  }

  /// Adds scaled samples to sums.
  func add(_ samples: Span<Int16>, into sums: inout MutableSpan<Int32>) {
    let count = min(samples.count, sums.count)
    if self == .unity {
      for index in 0..<count { sums[index] &+= Int32(samples[index]) }
      return
    }
    let step = (to - from) / Float(max(count, 1))
    var gain = from
    for index in 0..<count {
      sums[index] &+= Int32(Float(samples[index]) * gain)
      gain += step
    }
  }
}

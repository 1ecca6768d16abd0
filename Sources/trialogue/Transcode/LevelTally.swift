/// Peak, mean power and clipping of a whole stream of samples.
struct LevelTally: Sendable {
  private(set) var count = 0
  /// Samples at either end of 16 bits.
  private(set) var clipped = 0
  /// The largest magnitude, 0 … 32,768.
  private(set) var peak = 0
  private var energy = 0.0

  init() {}

  mutating func measure(_ samples: Span<Int16>) {
    var energy: Int64 = 0
    var low: Int16 = 0
    var high: Int16 = 0
    var ends = 0
    for index in 0..<samples.count {
      let sample = samples[index]
      energy &+= Int64(Int32(sample) &* Int32(sample))
      low = min(low, sample)
      high = max(high, sample)
    }
    if low == .min || high == .max {
      for index in 0..<samples.count where samples[index] == .min || samples[index] == .max { ends += 1 }
    }
    count += samples.count
    clipped += ends
    peak = max(peak, Int(high), -Int(low))
    self.energy += Double(energy)
  }

  /// dBFS: 0 is the largest sample.
  var peakLevel: Double { min(Decibels.level(amplitude: Double(peak) / 32_767), 0) }

  /// Root mean square in dBFS: −3 is a sine of full scale.
  var level: Double {
    count == 0 ? Decibels.silence : Decibels.level(amplitude: (energy / Double(count)).squareRoot() / 32_767)
  }
}

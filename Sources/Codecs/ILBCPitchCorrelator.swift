/// The residual at 4 kHz, for the search of pitch periods (RFC 3951, section 4.6.1).
struct ILBCPitchCorrelator {
  /// Behind five zeros, so that the longest lags can be a group of eight.
  private var samples = InlineArray<185, Float>(repeating: 0)

  /// Takes every second sample from `first` to the signal's end, low-passed.
  init(of signal: Span<Float>, from first: Int) {
    let taps: InlineArray<7, Float> = [-0.066650, 0.125000, 0.316650, 0.414063, 0.316650, 0.125000, -0.066650]
    var samples = samples.mutableSpan
    for index in 0..<(640 &- first) / 2 {
      let latest = first &+ 3 &+ 2 &* index
      var sum: Float = 0
      for tap in 0..<7 where latest &- tap < 640 { sum += taps[tap] * signal[latest &- tap] }
      samples[index &+ 5] = sum
    }
  }

  /// The lag from 10 to 59 at which 40 samples from `place` are most like those before them.
  func lag(at place: Int) -> Int {
    let samples = samples.span
    var best = 10
    var greatest: Float = 0
    var lag = 10
    while lag < 60 {
      // Eight lags side by side, the longest in the first lane.
      var products = SIMD8<Float>.zero
      var energies = SIMD8<Float>.zero
      let first = place &- lag &- 2
      for index in 0..<40 {
        let earlier = Self.window(samples, first &+ index)
        products += earlier * samples[place &+ index &+ 5]
        energies += earlier * earlier
      }
      for lane in 0..<8 where lag &+ lane < 60 {
        let (product, energy) = (products[7 &- lane], energies[7 &- lane])
        let value = product > 0 ? product * product / energy : 0
        if value > greatest { (best, greatest) = (lag &+ lane, value) }
      }
      lag = lag &+ 8
    }
    return best
  }

  private static func window(_ samples: Span<Float>, _ place: Int) -> SIMD8<Float> {
    SIMD8(
      samples[place], samples[place &+ 1], samples[place &+ 2], samples[place &+ 3], samples[place &+ 4],
      samples[place &+ 5], samples[place &+ 6], samples[place &+ 7])
  }
}

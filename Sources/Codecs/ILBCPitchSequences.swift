/// 80 samples of the residual, and the three pitch periods before and behind them, each with the best fit at a quarter
/// of a sample (RFC 3951, section 4.6.2).
struct ILBCPitchSequences {
  /// Seven times 80, in the order of time; the fourth is the block itself.
  private(set) var sequences = InlineArray<560, Float>(repeating: 0)

  /// Low-passes that move by 0 to 3 quarters of a sample.
  private static let taps: [Float] = [
    0.000000, 0.000000, 0.000000, 1.000000, 0.000000, 0.000000, 0.000000,
    0.015625, -0.076904, 0.288330, 0.862061, -0.106445, 0.018799, -0.015625,
    0.023682, -0.124268, 0.601563, 0.601563, -0.124268, 0.023682, -0.023682,
    0.018799, -0.106445, 0.862061, 0.288330, -0.076904, 0.015625, -0.018799,
  ]

  /// - Parameters:
  ///   - place: of the block's first sample, from 320 to 520.
  ///   - periods: of the signal's blocks of 80.
  init(of signal: Span<Float>, at place: Int, periods: InlineArray<8, Float>) {
    for index in 0..<80 { sequences[240 &+ index] = signal[place &+ index] }
    let middle = 0.5 * Float(2 &* place &+ 79)
    var block = Self.block(nearest: middle, less: InlineArray(repeating: 0))
    var start = Float(place)
    for number in 1...3 {
      let period = periods[block]
      start -= period
      block = Self.block(nearest: start + 40 - period, less: InlineArray(repeating: 0))
      if start - 2 >= 0 { start = refine(3 &- number, of: signal, near: start, like: place) }
    }
    block = 0
    start = Float(place)
    for number in 1...3 {
      block = Self.block(nearest: start + 40, less: periods)
      start += periods[block]
      if start + 82 < 640 { start = refine(3 &+ number, of: signal, near: start, like: place) }
    }
  }

  /// The block of 80 whose middle, less an offset of its own, is nearest to a place.
  private static func block(nearest place: Float, less offsets: InlineArray<8, Float>) -> Int {
    var best = 0
    var least = Float.infinity
    for index in 0..<8 {
      let distance = Float(40 &+ 80 &* index) - offsets[index] - place
      if distance * distance < least { (best, least) = (index, distance * distance) }
    }
    return best
  }

  /// Fills a sequence with the 80 samples near an estimated place that are most like the block; returns their place.
  private mutating func refine(_ number: Int, of signal: Span<Float>, near estimate: Float, like place: Int)
    -> Float
  {
    let middle = ILBCConversion.place(estimate - 0.5)
    let first = max(middle &- 2, 0)
    let last = min(middle &+ 2, 559)
    let quarter = Self.peak(of: Self.correlation(signal, first...last, place), count: last &- first &+ 1)
    let whole = (quarter &+ 3) / 4
    let phase = 7 &* (4 &* whole &- quarter)
    let begin = first &+ whole &- 3
    let table = Self.taps
    let taps = table.span
    var sequences = sequences.mutableSpan
    for index in 0..<80 {
      var sum: Float = 0
      for tap in 0..<7 {
        let at = begin &+ index &+ tap
        sum += (at >= 0 && at < 640 ? signal[at] : 0) * taps[phase &+ tap]
      }
      sequences[80 &* number &+ index] = sum
    }
    return Float(first) + Float(quarter) / 4 + 1
  }

  /// Inner products of the block at `place` with the 80 samples at up to five others.
  private static func correlation(
    _ signal: Span<Float>, _ places: ClosedRange<Int>, _ place: Int
  ) -> InlineArray<5, Float> {
    var result = InlineArray<5, Float>(repeating: 0)
    let count = min(places.count, 5)
    for index in 0..<80 {
      let sample = signal[place &+ index]
      for other in 0..<count { result[other] += signal[places.lowerBound &+ other &+ index] * sample }
    }
    return result
  }

  /// Where the correlation is greatest, in quarters of a place: interpolated with the middle five taps.
  private static func peak(of correlation: InlineArray<5, Float>, count: Int) -> Int {
    let table = Self.taps
    let taps = table.span
    var best = 0
    var greatest = -Float.infinity
    for index in 0..<count {
      for phase in 0..<4 {
        var value: Float = 0
        for tap in 0..<5 {
          let at = index &+ 2 &- tap
          if at >= 0, at < 5 { value += correlation[at] * taps[7 &* phase &+ 1 &+ tap] }
        }
        if value > greatest { (best, greatest) = (4 &* index &+ phase, value) }
      }
    }
    return best
  }
}

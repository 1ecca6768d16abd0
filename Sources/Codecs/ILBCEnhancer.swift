/// Makes the decoded residual more periodic: each 80 samples are drawn towards the mean of the pitch periods around
/// them (RFC 3951, section 4.6). Delays by 40 samples in 20 ms mode, by 80 in 30 ms mode.
struct ILBCEnhancer: Sendable {
  /// The last 640 samples of the residual, unenhanced.
  private var signal = InlineArray<640, Float>(repeating: 0)
  /// Pitch period of each block of 80 in them.
  private var periods = InlineArray<8, Float>(repeating: 40)
  /// The last pitch period, in samples.
  private(set) var lag = 20

  /// Enhances a frame.
  /// - Parameter afterLoss: whether the frame before was concealed; its end is mended.
  mutating func enhance(
    _ residual: Span<Float>, frame: ILBCFrame, afterLoss: Bool
  ) -> InlineArray<240, Float> {
    let count = frame.samples
    do {
      var signal = signal.mutableSpan
      for index in 0..<640 &- count { signal[index] = signal[index &+ count] }
      for index in 0..<count { signal[640 &- count &+ index] = residual[index] }
    }
    estimatePeriods(frame)
    if afterLoss { mend(residual, frame) }

    var result = InlineArray<240, Float>(repeating: 0)
    var output = result.mutableSpan
    let first = frame == .twentyMilliseconds ? 440 : 320
    for block in 0..<count / 80 {
      let sequences = ILBCPitchSequences(of: signal.span, at: first &+ 80 &* block, periods: periods)
      sequences.smooth(into: &output, at: 80 &* block)
    }
    return result
  }

  /// Finds the periods of the latest blocks, at 4 kHz (section 4.6.1).
  private mutating func estimatePeriods(_ frame: ILBCFrame) {
    let blocks = count(of: frame)
    for index in 0..<8 &- blocks { periods[index] = periods[index &+ blocks] }
    let correlator = ILBCPitchCorrelator(of: signal.span, from: 520 &- 80 &* blocks)
    for block in 0..<blocks {
      let best = correlator.lag(at: 60 &+ 40 &* block)
      periods[8 &- blocks &+ block] = Float(2 &* best)
      lag = 2 &* best
    }
  }

  private func count(of frame: ILBCFrame) -> Int { frame == .twentyMilliseconds ? 2 : 3 }

  /// Fades the end of what was concealed, which is still to be heard, into the new frame, prolonged backwards
  /// (section 4.5.3).
  private mutating func mend(_ residual: Span<Float>, _ frame: ILBCFrame) {
    let blocks = count(of: frame)
    let length = 40 &* frame.delayedSubblocks
    let estimate = ILBCConversion.place(periods[8 &- blocks])
    var best = estimate &- 1
    var greatest = Self.likeness(residual, lag: best, length)
    for other in estimate...estimate &+ 1 {
      let value = Self.likeness(residual, lag: other, length)
      if value > greatest { (best, greatest) = (other, value) }
    }
    periods[7 &- blocks] = Float(best)
    lag = 2 &* best

    let end = 640 &- frame.samples
    var backward = InlineArray<80, Float>(repeating: 0)
    for index in 0..<length {
      // Counted from the frame's beginning backwards.
      backward[length &- 1 &- index] = index < best ? residual[best &- 1 &- index] : signal[end &- 1 &- (index &- best)]
    }
    limit(&backward, length, end: end)
    for index in 0..<length {
      let weight = Float(index &+ 1) / Float(length &+ 1)
      let place = end &- 1 &- index
      signal[place] = signal[place] * weight + (1 - weight) * backward[length &- 1 &- index]
    }
  }

  /// Holds the amplitude of `backward` to twice that of what it replaces, less and less towards its end.
  private func limit(_ backward: inout InlineArray<80, Float>, _ length: Int, end: Int) {
    var (old, new): (Float, Float) = (0, 0)
    for index in 0..<length {
      old += signal[end &- 1 &- index] * signal[end &- 1 &- index]
      new += backward[index] * backward[index]
    }
    new = (new / Float(length)).squareRoot()
    old = (old / Float(length)).squareRoot()
    guard new > 2 * old, new > 0 else { return }
    let factor = 2 * old / new
    for index in 0..<length &- 10 { backward[index] *= factor }
    for index in length &- 10..<length {
      backward[index] *= Float(index &- length &+ 10) * (1 - factor) / 10 + factor
    }
  }

  /// Of a frame's first samples with those one lag later.
  private static func likeness(_ residual: Span<Float>, lag: Int, _ length: Int) -> Float {
    var (product, energy): (Float, Float) = (0, 0)
    for index in 0..<length {
      product += residual[index] * residual[index &+ lag]
      energy += residual[index &+ lag] * residual[index &+ lag]
    }
    return product > 0 ? product * product / energy : 0
  }
}

import Audio

/// A resampler for 20 ms frames, or nothing at all between equal rates.
struct RateConverter: Sendable {
  let inputRate: Int
  let outputRate: Int
  private var resampler: Resampler?

  init(from inputRate: Int, to outputRate: Int) {
    self.inputRate = inputRate
    self.outputRate = outputRate
    let isPossible = Resampler.isSupported(inputRate) && Resampler.isSupported(outputRate)
    resampler = inputRate != outputRate && isPossible ? Resampler(from: inputRate, to: outputRate) : nil
  }

  /// Fills `output`; what the source does not cover becomes silence.
  mutating func convert(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) {
    var count = 0
    if resampler == nil {
      count = min(input.count, output.count)
      for index in 0..<count { output[index] = input[index] }
    } else {
      count = resampler?.process(input, into: &output) ?? 0
    }
    for index in count..<max(count, output.count) { output[index] = 0 }
  }
}

/// Shortens or stretches a piece of speech by one pitch period without changing its pitch (WSOLA).
///
/// A jitter buffer that holds too much or too little calls it on what it has decoded, 20 ms or more at a time.
package struct TimeScaler: Sendable {
  /// Hertz.
  package let sampleRate: Int
  private let shortest: Int
  private let longest: Int
  /// The search looks at every n-th sample only, so that 48 kHz costs as much as 8 kHz.
  private let stride: Int

  package init(sampleRate: Int) {
    self.sampleRate = sampleRate
    shortest = max(sampleRate / 400, 1)
    longest = max(sampleRate * 15 / 1_000, 2)
    stride = max(sampleRate / 8_000, 1)
  }

  /// Room that an output needs for `count` input samples.
  package func capacity(for count: Int) -> Int { count + longest }

  /// Copies the input with one period taken out, or unchanged where there is no period to find (onsets, noise).
  /// Returns the number of samples written: at most `input.count`, and nothing beyond `output`.
  package func accelerate(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Int {
    guard output.count >= input.count, let lag = period(in: input) else { return copy(input, into: &output) }
    // The first period fades into the second; the rest follows.
    fade(input, from: 0, to: lag, count: lag, at: 0, into: &output)
    for index in (2 * lag)..<max(input.count, 2 * lag) { output[index &- lag] = input[index] }
    return input.count - lag
  }

  /// Copies the input with one period played twice, or unchanged where there is no period to find.
  /// `output` needs `capacity(for:)` samples.
  package func expand(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Int {
    guard let lag = period(in: input), output.count >= input.count + lag else { return copy(input, into: &output) }
    for index in 0..<lag { output[index] = input[index] }
    fade(input, from: lag, to: 0, count: lag, at: lag, into: &output)
    for index in lag..<input.count { output[index &+ lag] = input[index] }
    return input.count + lag
  }

  private func copy(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Int {
    let count = min(input.count, output.count)
    for index in 0..<count { output[index] = input[index] }
    return count
  }

  private func fade(
    _ input: Span<Int16>, from old: Int, to new: Int, count: Int, at place: Int, into output: inout MutableSpan<Int16>
  ) {
    var part = output._mutatingExtracting(place..<place + count)
    CrossFade.blend(
      from: input.extracting(old..<old + count), to: input.extracting(new..<new + count), into: &part)
  }

  /// The lag at which the start of the input resembles itself most; nil if nothing does. Near-silence takes any lag.
  private func period(in input: Span<Int16>) -> Int? {
    let limit = min(longest, input.count / 2)
    guard limit >= shortest else { return nil }
    let window = input.count - limit
    var energy: Float = 0
    var index = 0
    while index < window {
      let sample = Float(input[index])
      energy += sample * sample
      index &+= stride
    }
    // Below about −60 dBFS nobody hears the seam.
    if energy <= Float(window / stride + 1) * 900 { return limit }
    var best = 0
    var bestScore: Float = 0.6
    var lag = shortest
    while lag <= limit {
      let score = likeness(input, lag: lag, window: window, energy: energy)
      if score > bestScore {
        bestScore = score
        best = lag
      }
      lag &+= stride
    }
    guard best > 0 else { return nil }
    for lag in max(shortest, best - stride + 1)...min(limit, best + stride - 1) {
      let score = likeness(input, lag: lag, window: window, energy: energy)
      if score > bestScore {
        bestScore = score
        best = lag
      }
    }
    return best
  }

  /// Normalised correlation, −1 … 1.
  private func likeness(_ input: Span<Int16>, lag: Int, window: Int, energy: Float) -> Float {
    var product: Float = 0
    var other: Float = 0
    var index = 0
    while index < window {
      let sample = Float(input[index &+ lag])
      product += Float(input[index]) * sample
      other += sample * sample
      index &+= stride
    }
    return product / max((energy * other).squareRoot(), 1)
  }
}

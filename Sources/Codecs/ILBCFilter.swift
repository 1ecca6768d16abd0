/// The linear prediction filter A(z) = Σ a(k)·z⁻ᵏ of order 10, a(0) = 1, of one sub-block (RFC 3951, section 3.2.2).
struct ILBCFilter: Sendable {
  /// a(0) to a(10)
  var taps = InlineArray<11, Float>(repeating: 0)

  /// A(z) = 1
  init() { taps[0] = 1 }

  /// A(z/factor), whose peaks are wider.
  func expanded(by factor: Float) -> ILBCFilter {
    var result = self
    var weight = factor
    for index in 1...10 {
      result.taps[index] = weight * taps[index]
      weight *= factor
    }
    return result
  }

  /// A(z) over `count` samples from `place`, whose ten predecessors lie before them.
  func analyse(
    _ signal: Span<Float>, from place: Int, count: Int, into residual: inout MutableSpan<Float>, at target: Int
  ) {
    for index in 0..<count {
      var sum: Float = 0
      for tap in 0...10 { sum += taps[tap] * signal[place &+ index &- tap] }
      residual[target &+ index] = sum
    }
  }

  /// 1/A(z) in place; the ten samples before the range are the filter's past.
  func synthesise(_ signal: inout MutableSpan<Float>, _ range: Range<Int>) {
    // In a register: each sample waits for the one before.
    var latest = signal[range.lowerBound &- 1]
    for index in range {
      latest = signal[index] - taps[1] * latest
      for tap in 2...10 { latest -= taps[tap] * signal[index &- tap] }
      signal[index] = latest
    }
  }

  /// Circular convolution of the first `count` samples with the all-pass filter z⁻¹⁰·A(1/z)/A(z): the response has
  /// twice the length, and its second half is added to the first (section 3.5.2).
  func passAll(_ state: inout InlineArray<58, Float>, count: Int) {
    var input = InlineArray<78, Float>(repeating: 0)
    var output = InlineArray<126, Float>(repeating: 0)
    for index in 0..<count { input[index &+ 10] = state[index] }
    for index in 0..<count &+ 10 {
      var sum: Float = 0
      for tap in 0...10 { sum += taps[10 &- tap] * input[index &+ 10 &- tap] }
      output[index &+ 10] = sum
    }
    var span = output.mutableSpan
    synthesise(&span, 10..<10 &+ 2 &* count)
    for index in 0..<count { state[index] = span[index &+ 10] + span[index &+ 10 &+ count] }
  }
}

/// Changes the sample rate of a mono stream: polyphase windowed sinc, between any two of the rates that
/// telephony and files have.
///
/// The ratio is exact: after n input samples ⌈n · up ÷ down⌉ samples have come out, so 20 ms always give 20 ms and
/// nothing drifts. The signal comes out `latency` samples late (about 3.5 ms at the lower rate of 8 kHz, 1.7 ms at 16 kHz).
/// A value: a copy goes its own way.
package struct Resampler: Sendable {
  /// Input samples that are worked on at a time.
  static let chunk = 960

  package let inputRate: Int
  package let outputRate: Int
  /// Output and input samples of the smallest common period.
  let up: Int
  let down: Int
  let filter: ResamplerFilter
  /// The last `filter.taps - 1` samples, then the chunk.
  var history: [Float]
  /// One phase's sums.
  var sums: [Float]
  /// Where the next output stands after the next input sample, in steps of 1 ÷ up of an input sample.
  var position = 0

  /// Hertz.
  package static let rates = [8_000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 96_000]

  package static func isSupported(_ rate: Int) -> Bool { rates.contains(rate) }

  /// Rates in hertz, each from `isSupported`: they are the server's own choice.
  package init(from inputRate: Int, to outputRate: Int) {
    precondition(
      Self.isSupported(inputRate) && Self.isSupported(outputRate),
      "A resampler is asked for a rate that it does not know.")
    self.inputRate = inputRate
    self.outputRate = outputRate
    var divisor = inputRate
    var rest = outputRate
    while rest != 0 { (divisor, rest) = (rest, divisor % rest) }
    up = outputRate / divisor
    down = inputRate / divisor
    filter = ResamplerFilter(up: up, down: down)
    history = Array(repeating: 0, count: filter.taps - 1 + Self.chunk)
    sums = Array(repeating: 0, count: Self.chunk)
  }

  /// Output samples by which the signal is late, rounded.
  package var latency: Int { up == down ? 0 : (filter.taps * up / 2 + down / 2) / down }

  /// The output samples that the next `count` input samples will give.
  package func outputCount(for count: Int) -> Int {
    up == down ? count : max((count * up - position + down - 1) / down, 0)
  }

  /// Counts input samples that are passed over and returns the output samples that they would have given.
  package mutating func advance(_ count: Int) -> Int {
    let wanted = outputCount(for: count)
    if up != down { position += wanted * down - count * up }
    return wanted
  }

  /// Takes all of `input` and returns how many samples it wrote. What does not fit into `output` is lost.
  package mutating func process(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Int {
    if up == down {
      let count = min(input.count, output.count)
      for index in 0..<count { output[index] = input[index] }
      return count
    }
    var taken = 0
    var filled = 0
    while taken < input.count {
      let count = min(input.count - taken, Self.chunk)
      var rest = output._mutatingExtracting(filled..<output.count)
      filled += convert(input.extracting(taken..<taken + count), into: &rest)
      taken += count
    }
    return filled
  }

  /// Forgets the past: the stream goes on after silence.
  package mutating func reset() {
    for index in history.indices { history[index] = 0 }
    position = 0
  }

  private mutating func convert(_ input: Span<Int16>, into output: inout MutableSpan<Int16>) -> Int {
    let kept = filter.taps - 1
    let count = input.count
    load(input, at: kept)
    let writable = min(outputCount(for: count), output.count)
    if down == 1 {
      let rows = Rows(up: up, taps: filter.taps, writable: writable)
      Self.multiply(history, by: filter.bank, rows, sums: &sums, into: &output)
    } else {
      Convolution.interpolate(
        history.span, bank: filter.bank.span, taps: filter.taps, up: up, down: down, position: position,
        count: writable, into: &output)
    }
    _ = advance(count)
    keep(kept, from: count)
    return writable
  }

  private mutating func load(_ input: Span<Int16>, at place: Int) {
    var past = history.mutableSpan
    for index in 0..<input.count { past[place &+ index] = Float(input[index]) }
  }

  private mutating func keep(_ kept: Int, from start: Int) {
    var past = history.mutableSpan
    for index in 0..<kept { past[index] = past[index &+ start] }
  }

  /// The shape of the work on a chunk.
  private struct Rows {
    var up: Int
    var taps: Int
    var writable: Int
  }

  /// Integer ratios upwards: each phase is a short filter over the whole chunk.
  private static func multiply(
    _ history: [Float], by bank: [Float], _ rows: Rows, sums: inout [Float], into output: inout MutableSpan<Int16>
  ) {
    let count = (rows.writable + rows.up - 1) / rows.up
    for phase in 0..<rows.up {
      let weights = bank.span.extracting(phase * rows.taps..<(phase + 1) * rows.taps)
      var row = sums.mutableSpan
      Convolution.filter(history.span, by: weights, count: count, into: &row)
      var index = phase
      var place = 0
      while index < rows.writable {
        output[index] = Rounding.sample(row[place])
        index &+= rows.up
        place &+= 1
      }
    }
  }
}

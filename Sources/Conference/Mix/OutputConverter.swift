import Audio

/// Brings the room's 20 ms frames to the rate of an encoder or file, and cross-fades when the room changes its rate.
struct OutputConverter: Sendable {
  let targetRate: Int
  private var current: RateConverter
  private var scratch: [Int16] = []
  private var faded: [Int16] = []

  init(from rates: RateSwitch, to targetRate: Int) {
    self.targetRate = targetRate
    // In the tick of a change the old frame is converted first.
    current = RateConverter(from: rates.former ?? rates.rate, to: targetRate)
  }

  /// Samples of 20 ms at the target rate.
  var count: Int { targetRate / 50 }

  /// Converts a frame at the room's steady rate.
  mutating func convert(_ frame: Span<Int16>, rate: Int, into output: inout MutableSpan<Int16>) {
    if current.inputRate != rate { current = RateConverter(from: rate, to: targetRate) }
    current.convert(frame, into: &output)
  }

  /// The tick of a rate change: fades from the frame at the old rate to the one at the new rate.
  mutating func convert(
    from old: Span<Int16>, rate oldRate: Int, to new: Span<Int16>, rate newRate: Int,
    into output: inout MutableSpan<Int16>
  ) {
    convert(old, rate: oldRate, into: &output)
    if scratch.count < count { scratch = Array(repeating: 0, count: count) }
    current = RateConverter(from: newRate, to: targetRate)
    Self.convert(new, by: &current, into: &scratch)
    // The new filter starts from silence: its first samples weigh next to nothing in the fade.
    copy(output.span)
    CrossFade.blend(from: faded.span.extracting(first: count), to: scratch.span.extracting(first: count), into: &output)
  }

  /// The same, into the samples from `offset` on.
  mutating func convert(_ frame: Span<Int16>, rate: Int, into output: inout [Int16], at offset: Int) {
    var span = output.mutableSpan
    var part = span._mutatingExtracting(offset..<offset + count)
    convert(frame, rate: rate, into: &part)
  }

  /// The same, into the samples from `offset` on.
  mutating func convert(
    from old: Span<Int16>, rate oldRate: Int, to new: Span<Int16>, rate newRate: Int, into output: inout [Int16],
    at offset: Int
  ) {
    var span = output.mutableSpan
    var part = span._mutatingExtracting(offset..<offset + count)
    convert(from: old, rate: oldRate, to: new, rate: newRate, into: &part)
  }

  private static func convert(_ frame: Span<Int16>, by converter: inout RateConverter, into scratch: inout [Int16]) {
    var fresh = scratch.mutableSpan
    converter.convert(frame, into: &fresh)
  }

  private mutating func copy(_ frame: Span<Int16>) {
    if faded.count < count { faded = Array(repeating: 0, count: count) }
    for index in 0..<min(count, frame.count) { faded[index] = frame[index] }
  }
}

import Audio

/// Samples of 16 bits, in a WAV file or without any header.
struct LinearSink: SampleSink {
  private var writer: WAVWriter
  private let isHeadless: Bool

  /// `sampleRate` in hertz.
  init(sampleRate: Int, channels: Int, isHeadless: Bool) {
    writer = WAVWriter(sampleRate: sampleRate, channels: channels)
    self.isHeadless = isHeadless
  }

  var patches: [FilePatch] { isHeadless ? [] : writer.patches() }

  func start(into octets: inout [UInt8]) { if !isHeadless { octets += writer.start() } }

  mutating func append(_ samples: Span<Int16>, into octets: inout [UInt8]) {
    // Counted as what the writer need not write: here many samples come at once.
    let start = octets.count
    octets.append(contentsOf: repeatElement(0, count: writer.skip(samples: samples.count)))
    var output = octets.mutableSpan
    for index in 0..<samples.count {
      let sample = UInt16(bitPattern: samples[index])
      output[start &+ 2 &* index] = UInt8(truncatingIfNeeded: sample)
      output[start &+ 2 &* index &+ 1] = UInt8(truncatingIfNeeded: sample &>> 8)
    }
  }

  func finish(into octets: inout [UInt8]) {}
}

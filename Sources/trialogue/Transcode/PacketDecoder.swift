import Codecs

/// Decodes packets one after the other: cuts the delay off, conceals what is damaged and counts it.
struct PacketDecoder {
  let format: CodecFormat
  /// Of what comes out, interleaved.
  let channels: Int
  /// Hertz of what comes out.
  let sampleRate: Int
  /// Packets that could not be decoded.
  private(set) var damaged = 0
  private var decoder: AudioDecoder
  /// What decodes in its place where both channels are wanted.
  private var stereo: OpusDecoder?
  /// Samples of each channel that are still to be cut off.
  private var late: Int
  /// Samples of a channel of the last packet, for one that does not tell how long it is.
  private var usual: Int

  /// - Parameters:
  ///   - outputRate: a wish, in hertz; only Opus heeds it.
  ///   - channels: 2 is for Opus alone.
  ///   - delay: samples of each channel, at the rate of the output, to cut off the start.
  init(_ format: CodecFormat, outputRate: Int? = nil, channels: Int = 1, delay: Int) {
    self.format = format
    decoder = AudioDecoder(format: format, outputRate: outputRate ?? format.sampleRate)
    sampleRate = decoder.outputRate
    if channels == 2, format.codec == .opus { stereo = try? OpusDecoder(sampleRate: sampleRate, channels: 2) }
    self.channels = stereo == nil ? 1 : 2
    late = delay
    usual = sampleRate * max(format.frameTime, 20) / 1_000
  }

  /// Appends the samples of a packet.
  mutating func decode(_ packet: Span<UInt8>, into samples: inout [Int16]) {
    let ticks = AudioDecoder.packetDuration(format, payload: packet)
    let length = ticks.map { $0 * sampleRate / format.clockRate } ?? 0
    decode(packet, samples: length, into: &samples)
  }

  /// The same for octets of which it is known that they hold `length` samples of each channel, however many those are.
  mutating func decode(_ octets: Span<UInt8>, samples length: Int, into samples: inout [Int16]) {
    let start = samples.count
    let room = max(length, usual) * channels
    samples.append(contentsOf: repeatElement(0, count: room))
    var filled = 0
    do {
      var all = samples.mutableSpan
      var output = all._mutatingExtracting(start..<start + room)
      if length > 0 {
        filled = stereo?.decode(octets, into: &output) ?? decoder.decode(octets, into: &output)
      }
      if filled == 0 {
        damaged += 1
        filled = stereo?.conceal(samples: usual, into: &output) ?? decoder.conceal(samples: usual, into: &output)
      } else {
        usual = filled
      }
    }
    if filled * channels < room { samples.removeLast(room - filled * channels) }
    guard late > 0 else { return }
    let cut = min(late, filled)
    samples.removeSubrange(start..<start + cut * channels)
    late -= cut
  }
}

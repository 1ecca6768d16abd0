import Codecs

/// Decodes packets one after the other: cuts the delay off, conceals what is damaged and counts it.
struct PacketDecoder {
  let format: CodecFormat
  /// Hertz of what comes out.
  let sampleRate: Int
  /// Packets that could not be decoded.
  private(set) var damaged = 0
  private var decoder: AudioDecoder
  /// Samples that are still to be cut off.
  private var late: Int
  /// Samples of the last packet, for one that does not tell how long it is.
  private var usual: Int

  /// - Parameters:
  ///   - outputRate: a wish, in hertz; only Opus heeds it.
  ///   - delay: samples at the rate of the output to cut off the start.
  init(_ format: CodecFormat, outputRate: Int? = nil, delay: Int) {
    self.format = format
    decoder = AudioDecoder(format: format, outputRate: outputRate ?? format.sampleRate)
    sampleRate = decoder.outputRate
    late = delay
    usual = sampleRate * max(format.frameTime, 20) / 1_000
  }

  /// Appends the samples of a packet.
  mutating func decode(_ packet: Span<UInt8>, into samples: inout [Int16]) {
    let ticks = AudioDecoder.packetDuration(format, payload: packet)
    let length = ticks.map { $0 * sampleRate / format.clockRate } ?? 0
    decode(packet, samples: length, into: &samples)
  }

  /// The same for octets of which it is known that they hold `length` samples, however many those are.
  mutating func decode(_ octets: Span<UInt8>, samples length: Int, into samples: inout [Int16]) {
    let start = samples.count
    let room = max(length, usual)
    samples.append(contentsOf: repeatElement(0, count: room))
    var filled = 0
    do {
      var all = samples.mutableSpan
      var output = all._mutatingExtracting(start..<start + room)
      if length > 0 { filled = decoder.decode(octets, into: &output) }
      if filled == 0 {
        damaged += 1
        filled = decoder.conceal(samples: usual, into: &output)
      } else {
        usual = filled
      }
    }
    if filled < room { samples.removeLast(room - filled) }
    guard late > 0 else { return }
    let cut = min(late, filled)
    samples.removeSubrange(start..<start + cut)
    late -= cut
  }
}

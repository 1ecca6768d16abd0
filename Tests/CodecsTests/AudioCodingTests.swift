import Testing

@testable import Codecs

@Suite struct AudioCodingTests {
  static let formats: [CodecFormat] = [
    .pcmu, .pcma, .g722, .opus, .l16(8_000), .l16(16_000), .l16(44_100), .l16(48_000), .l16(44_100, channels: 2),
  ]

  private static func inputRate(_ format: CodecFormat) -> Int { format.codec == .opus ? 16_000 : format.sampleRate }

  @Test(arguments: formats) func everyFormatCarriesAToneThereAndBack(_ format: CodecFormat) throws {
    let rate = Self.inputRate(format)
    var encoder = try AudioEncoder(format: format, sampleRate: rate, bitRate: 24_000, complexity: 5)
    var decoder = AudioDecoder(format: format, outputRate: rate)
    #expect(encoder.inputRate == rate)
    #expect(decoder.outputRate == rate)
    // The longest packet that fits into a datagram.
    let octets = { (time: Int) in format.codec == .l16 ? rate * time / 1_000 * 2 * format.channels : 0 }
    let time = try #require([20, 10, 5].first { octets($0) <= 1_500 })
    var (sent, received) = (0.0, 0.0)
    for frame in 0..<20 {
      let samples = Array(Tone.frame(frame, rate: rate).prefix(rate * time / 1_000))
      let payload = encoder.packet(samples)
      #expect(AudioDecoder.duration(format, payload) == format.clockRate * time / 1_000)
      let decoded = decoder.samples(payload)
      #expect(decoded.count == rate * time / 1_000)
      if frame >= 10 {
        sent += samples.reduce(0.0) { $0 + Double($1) * Double($1) }
        received += decoded.reduce(0.0) { $0 + Double($1) * Double($1) }
      }
    }
    #expect(abs(received / sent - 1) < 0.2)
  }

  @Test(arguments: formats) func aForkSendsTheSameAndThenGoesItsOwnWay(_ format: CodecFormat) throws {
    let rate = Self.inputRate(format)
    var encoder = try AudioEncoder(format: format, sampleRate: rate, bitRate: 24_000, complexity: 5)
    for frame in 0..<5 { _ = encoder.packet(Tone.frame(frame, rate: rate)) }
    var fork = encoder.fork()
    var other = encoder.fork()
    _ = other.packet(Tone.frame(99, rate: rate))
    for frame in 5..<10 {
      let samples = Tone.frame(frame, rate: rate)
      #expect(fork.packet(samples) == encoder.packet(samples))
    }
  }

  @Test(arguments: formats) func brokenPayloadsCostNoMoreThanThemselves(_ format: CodecFormat) {
    var decoder = AudioDecoder(format: format, outputRate: 48_000)
    #expect(AudioDecoder.duration(format, []) == nil)
    #expect(AudioDecoder.duration(format, [UInt8](repeating: 0, count: CodecFormat.longestPayload + 1)) == nil)
    #expect(decoder.samples([]).isEmpty)
    for length in [1, 2, 3, 159, 1_499, CodecFormat.longestPayload] {
      #expect(decoder.samples([UInt8](repeating: 0xFF, count: length)).count <= 5_760)
      #expect(decoder.concealed(960).count == 960)
      #expect(decoder.lost(960, before: [UInt8](repeating: 0xFF, count: length)).count <= 960)
    }
  }

  @Test func whatFitsNoCodecIsRefused() {
    #expect(throws: CodecError.unsupportedSampleRate(16_000)) {
      try AudioEncoder(format: .pcmu, sampleRate: 16_000, bitRate: 0, complexity: 0)
    }
    #expect(throws: CodecError.unsupportedChannels(6)) {
      try AudioEncoder(format: .l16(48_000, channels: 6), sampleRate: 48_000, bitRate: 0, complexity: 0)
    }
  }

  @Test func linearStereoIsMixedToItsMean() throws {
    var decoder = AudioDecoder(format: .l16(44_100, channels: 2), outputRate: 44_100)
    #expect(decoder.samples([0x10, 0x00, 0x20, 0x00, 0x80, 0x00, 0x7F, 0xFF, 0x01]) == [0x1800, 0])
    var encoder = try AudioEncoder(format: .l16(44_100, channels: 2), sampleRate: 44_100, bitRate: 0, complexity: 0)
    #expect(encoder.packet([0x1234]) == [0x12, 0x34, 0x12, 0x34])
  }

  @Test func opusPacketsTellTheirDuration() {
    // RFC 6716, section 3.1 and 3.2: configuration, frames, length.
    #expect(AudioDecoder.duration(.opus, [0x00]) == 480)
    #expect(AudioDecoder.duration(.opus, [0x18]) == 2_880)
    #expect(AudioDecoder.duration(.opus, [0x60]) == 480)
    #expect(AudioDecoder.duration(.opus, [0x80]) == 120)
    #expect(AudioDecoder.duration(.opus, [0xF8, 0]) == 960)
    #expect(AudioDecoder.duration(.opus, [0xF9, 1, 2]) == 1_920)
    #expect(AudioDecoder.duration(.opus, [0xF9, 1]) == nil)
    #expect(AudioDecoder.duration(.opus, [0xFA, 1, 2]) == 1_920)
    #expect(AudioDecoder.duration(.opus, [0xFA, 2, 2]) == nil)
    #expect(AudioDecoder.duration(.opus, [0xFA, 252]) == nil)
    #expect(AudioDecoder.duration(.opus, [0xFB]) == nil)
    #expect(AudioDecoder.duration(.opus, [0xFB, 3]) == 2_880)
    #expect(AudioDecoder.duration(.opus, [0xFB, 0]) == nil)
    #expect(AudioDecoder.duration(.opus, [0xFB, 7]) == nil)
  }
}

import TestSupport
import Testing

@testable import Codecs

/// Our GSM 06.10 against libgsm, to the bit, each way.
@Suite struct GSMConformanceTests {
  /// Codes whole frames with both, decodes with both; returns how many frames were compared.
  private static func compare(_ samples: [Int16]) throws -> Int {
    let (theirEncoder, theirDecoder) = (try #require(GSMReference()), try #require(GSMReference()))
    var (encoder, decoder) = (GSMEncoder(), GSMDecoder())
    let starts = stride(from: 0, to: samples.count - 159, by: 160)
    for start in starts {
      let frame = Array(samples[start..<start + 160])
      let payload = theirEncoder.packet(frame)
      try #require(encoder.packet(frame) == payload, "coding the frame at sample \(start)")
      try #require(decoder.samples(payload) == theirDecoder.samples(payload), "decoding the frame at sample \(start)")
    }
    return starts.underestimatedCount
  }

  /// Sixteen bits, the loudest first and then ever softer.
  private static func noise(_ frames: Int, seed: UInt64) -> [Int16] {
    var seed = SeededOctets(seed: seed)
    return (0..<frames).flatMap { frame in seed.samples(160).map { $0 >> Int16(frame % 16) } }
  }

  private static func extremes(_ frames: Int) -> [Int16] {
    var seed = SeededOctets(seed: 3)
    return (0..<frames).flatMap { frame -> [Int16] in
      switch frame % 6 {
      case 0: (0..<160).map { _ in seed.next() & 1 == 0 ? .min : .max }
      case 1: [Int16](repeating: .min, count: 160)
      case 2: [Int16](repeating: .max, count: 160)
      case 3: (0..<160).map { $0 / (1 + frame % 37) % 2 == 0 ? .min : .max }
      case 4: [Int16](repeating: 0, count: 160)
      default: (0..<160).map { $0 == frame % 160 ? .max : 0 }
      }
    }
  }

  @Test(
    .enabled(if: Vectors.isPresent, "no vectors"),
    arguments: [
      "s01_en_f_allison.8k", "s02_it_m_carlo.8k", "s03_fr_f_june.8k", "s04_en_m_flite_rms.8k", "s05_de_f_espeak.8k",
      "s06_en_f_festival_slt.8k", "s07_en_f_alsa.8k", "n01_music.8k", "n02_signals.8k",
    ])
  func speechMusicAndSignalsAreTheSame(_ name: String) throws {
    #expect(try Self.compare(Vectors.samples("speech/\(name).wav")) >= 200)
  }

  @Test func noiseOfEachLevelIsTheSame() throws { #expect(try Self.compare(Self.noise(1_600, seed: 610)) == 1_600) }

  @Test func whatSaturatesIsTheSame() throws { #expect(try Self.compare(Self.extremes(1_200)) == 1_200) }

  @Test func framesThatNoEncoderMakesDecodeTheSame() throws {
    let theirs = try #require(GSMReference())
    var ours = GSMDecoder()
    var seed = SeededOctets(seed: 4)
    for number in 0..<10_000 {
      var payload = seed.octets(33)
      payload[0] = payload[0] & 0xF | 0xD0
      try #require(ours.samples(payload) == theirs.samples(payload), "frame \(number)")
    }
  }

  @Test func aFrameIsWrittenAsItWasRead() {
    var seed = SeededOctets(seed: 5)
    for _ in 0..<100 {
      var payload = seed.octets(33)
      payload[0] = payload[0] & 0xF | 0xD0
      var written = [UInt8](repeating: 0, count: 33)
      var output = written.mutableSpan
      GSMFrame(payload.span, at: 0).write(into: &output, at: 0)
      #expect(written == payload)
    }
  }
}

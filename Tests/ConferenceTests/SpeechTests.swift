import Audio
import Codecs
import Conference
import Primitives
import TestSupport
import Testing

/// Real voices through a room and a bad network, always the same way. What a silent listener hears is left as raw 16-bit
/// samples in `SPEECH_DIRECTORY`, for PESQ to judge (`Tests/Interop/test_quality.py`).
@Suite struct SpeechTests {
  static let voices = ["s01_en_f_allison", "s02_it_m_carlo", "s03_fr_f_june"]

  struct Network: Sendable, CustomTestStringConvertible {
    var name: String
    var conditions: VirtualNetwork.Conditions
    var testDescription: String { name }

    static let all = [
      Network(name: "perfect", conditions: .init(delay: 5)),
      Network(name: "lossy", conditions: .init(delay: 20, jitter: 60, loss: 0.05, mayOvertake: true)),
    ]
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: Network.all, [CodecFormat.pcmu, .opus])
  func aVoiceComesThroughInItsRhythm(network: Network, format: CodecFormat) throws {
    var format = format
    format.opus.useInbandFEC = true
    for (index, name) in Self.voices.enumerated() {
      let rate = format.codec == .opus ? 16_000 : 8_000
      let said = try Vectors.samples("speech/\(name).\(rate / 1_000)k.wav")
      // Before it speaks, the phone is silent for a second, as callers are.
      let heard = Self.through(said, rate: rate, format: format, network.conditions, seed: UInt64(index + 1))
      try SpeechFolder.keep(heard, "\(format.codec.rawValue.lowercased())-\(network.name)-\(index)")
      #expect(abs(Sound.power(heard) - Sound.power(said)) < 4, "\(name)")
    }
  }

  private static func through(
    _ said: [Int16], rate: Int, format: CodecFormat, _ conditions: VirtualNetwork.Conditions, seed: UInt64
  ) -> [Int16] {
    let stage = Stage(RoomPlan(maximumSampleRate: format.codec == .opus ? 48_000 : 8_000), seed: seed)
    let speech = format.codec == .opus ? Self.resampled(said, from: rate, to: 48_000) : said
    let speechRate = format.codec == .opus ? 48_000.0 : Double(rate)
    let voice: Sound.Voice = { time in
      let place = Int(((time - 1) * speechRate).rounded())
      return speech.indices.contains(place) ? Double(speech[place]) / 32_768 : 0
    }
    let talker = stage.join(VirtualMember(1, format, voice: voice))
    let listener = stage.join(VirtualMember(2, format))
    stage.network.conditions[talker.address] = conditions
    stage.run(seconds: 1 + Double(said.count) / Double(rate) + 0.5)
    return Array(listener.heard.samples.dropFirst(listener.heard.rate * 9 / 10))
  }

  private static func resampled(_ samples: [Int16], from rate: Int, to other: Int) -> [Int16] {
    var resampler = Resampler(from: rate, to: other)
    var output = [Int16](repeating: 0, count: samples.count * other / rate)
    var span = output.mutableSpan
    _ = resampler.process(samples.span, into: &span)
    return output
  }
}

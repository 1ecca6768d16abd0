import Audio
import Codecs
import Conference
import TestSupport
import Testing

/// Real voices from one codec to another through a room, on a good network, always the same way. What the listener hears is left
/// as raw 16-bit samples in `SPEECH_DIRECTORY`, for PESQ to judge (`Tests/Interop/test_quality.py`).
@Suite struct TranscodingTests {
  /// As the conformance data names it: codecs in the order that the voice passes them.
  struct Chain: Sendable, CustomTestStringConvertible {
    var name: String
    var testDescription: String { name }

    var formats: [CodecFormat] { name.split(separator: ">").compactMap { Self.format(String($0)) } }

    private static func format(_ name: String) -> CodecFormat? {
      switch name {
      case "ulaw": .pcmu
      case "ilbc20": .ilbc(.twentyMilliseconds)
      case "ilbc30": .ilbc(.thirtyMilliseconds)
      case "g722": .g722
      case "opus24": .opus
      case "speexnb": .speex(8_000)
      case "speexwb": .speex(16_000)
      case "g729": .g729
      default: nil
      }
    }

    static let all =
      (onRequest + [
        "ulaw>opus24>ulaw", "opus24>ulaw", "ulaw>opus24", "ilbc20>opus24", "opus24>ilbc20", "ilbc20>ulaw",
        "g722>opus24", "opus24>g722", "opus24>speexwb", "speexwb>opus24", "speexnb>ulaw", "ilbc30>speexnb",
        "opus24>opus24",
      ]).map(Chain.init)

    /// Of codecs that are not built in by default.
    private static var onRequest: [String] {
      #if G729
        ["g729>opus24"]
      #else
        []
      #endif
    }
  }

  @Test(.enabled(if: Vectors.isPresent), arguments: Chain.all)
  func aVoicePassesAChainOfCodecs(_ chain: Chain) throws {
    // The wider of two bands needs the wider recording.
    let isWide = chain.formats.allSatisfy { $0.sampleRate > 8_000 }
    for (index, name) in SpeechTests.voices.enumerated() {
      let said = AudioClip(
        samples: try Vectors.samples("speech/\(name).\(isWide ? 16 : 8)k.wav"), sampleRate: isWide ? 16_000 : 8_000)
      var heard = said
      for (talker, listener) in zip(chain.formats, chain.formats.dropFirst()) {
        heard = Self.pass(heard, from: talker, to: listener)
      }
      let judged = heard.resampled(to: said.sampleRate)
      try SpeechFolder.keep(judged.samples, "chain-\(chain.name)-\(index)")
      #expect(abs(Sound.power(judged.samples) - Sound.power(said.samples)) < 4, "\(name)")
    }
  }

  /// One room: the talker speaks after a second of silence, as callers do.
  private static func pass(_ said: AudioClip, from talking: CodecFormat, to listening: CodecFormat) -> AudioClip {
    let stage = Stage(RoomPlan(), seed: 1)
    let talker = VirtualMember(
      1, talking, packetTime: max(20, talking.frameTime),
      // As the reference coded it.
      opus: .init(sampleRate: 16_000, bitRate: 24_000, complexity: 9))
    let speech = said.resampled(to: talker.inputRate)
    talker.voice = { time in
      let place = Int(((time - 1) * Double(speech.sampleRate)).rounded())
      return speech.samples.indices.contains(place) ? Double(speech.samples[place]) / 32_768 : 0
    }
    let listener = VirtualMember(2, listening, packetTime: max(20, listening.frameTime))
    _ = stage.join(talker)
    _ = stage.join(listener)
    stage.run(seconds: 1.5 + Double(said.duration) / 1_000)
    return AudioClip(
      samples: Array(listener.heard.samples.dropFirst(listener.heard.rate * 9 / 10)), sampleRate: listener.heard.rate)
  }
}

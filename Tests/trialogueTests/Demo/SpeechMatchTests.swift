import Audio
import Codecs
import Testing

@testable import trialogue

/// Speech is recognised by its content.
@Suite struct SpeechMatchTests {
  static let rate = 16_000

  /// Something like speech: syllables of noise and buzz that a seed decides, about three seconds.
  static func voice(_ seed: UInt32, seconds: Int = 3) -> AudioClip {
    var state = seed &* 2_654_435_761 | 1
    func random() -> Double {
      state = state &* 1_664_525 &+ 1_013_904_223
      return Double(state >> 8) / Double(1 << 24)
    }
    var samples: [Int16] = []
    var filter = 0.0
    while samples.count < seconds * rate {
      let length = 800 + Int(random() * 2_400)
      let color = 0.2 + 0.7 * random()
      let pitch = 60 + Int(random() * 120)
      let buzz = random()
      let silence = Int(random() * 1_200)
      for index in 0..<length {
        let pulse = index % pitch == 0 ? 12_000.0 : 0
        let noise = (random() - 0.5) * 6_000
        filter = filter * color + (buzz * pulse + (1 - buzz) * noise) * (1 - color)
        let envelope = Double(min(index, length - index, 400)) / 400
        samples.append(Int16(clamping: Int(filter * envelope)))
      }
      samples += Array(repeating: 0, count: silence)
    }
    return AudioClip(samples: Array(samples.prefix(seconds * rate)), sampleRate: rate)
  }

  private func mix(_ clips: (AudioClip, Double)..., delay: Int = 0) -> AudioClip {
    let count = (clips.map(\.0.samples.count).max() ?? 0) + delay
    var sum = Array(repeating: 0.0, count: count)
    for (clip, gain) in clips {
      for (index, sample) in clip.samples.enumerated() { sum[index + delay] += gain * Double(sample) }
    }
    return AudioClip(samples: sum.map { Int16(clamping: Int($0)) }, sampleRate: Self.rate)
  }

  @Test func theSameSpeechIsRecognisedWhereverItLies() {
    let voice = Self.voice(1)
    let match = SpeechMatch(voice)
    #expect(match.score(in: voice) > 0.95)
    for delay in [1, 777, 40_000] { #expect(match.score(in: mix((voice, 1), delay: delay)) > 0.8) }
    #expect(match.score(in: mix((voice, 0.2))) > 0.9)
  }

  @Test func anotherSpeechIsNot() {
    let match = SpeechMatch(Self.voice(1))
    for seed in 2..<5 as Range<UInt32> {
      #expect(match.score(in: Self.voice(seed, seconds: 4)) < SpeechMatch.strangerThreshold)
    }
  }

  @Test func underASecondVoiceItIsStillThere() {
    let (first, second, third) = (Self.voice(1), Self.voice(2), Self.voice(3))
    let both = mix((first, 0.5), (second, 0.5))
    #expect(SpeechMatch(first).score(in: both) > SpeechMatch.threshold)
    #expect(SpeechMatch(second).score(in: both) > SpeechMatch.threshold)
    #expect(SpeechMatch(third).score(in: both) < SpeechMatch.strangerThreshold)
  }

  @Test func aCodecDoesNotHideIt() throws {
    let voice = Self.voice(4)
    for format in [CallerFormat.pcmu, .g722, .opus] {
      let coded = try CodedVoice(voice, format: format)
      let packets = (0..<coded.count).map {
        KeptPacket(sequence: Int64($0), payload: Array(coded.octets[coded.range($0)]))
      }
      let heard = ReceivedAudio.decode(packets, format: format)
      #expect(SpeechMatch(voice).score(in: heard) > SpeechMatch.threshold, "\(format)")
      #expect(SpeechMatch(Self.voice(5)).score(in: heard) < SpeechMatch.strangerThreshold, "\(format)")
    }
  }

  @Test func silenceAndNothingMatchNothing() {
    let match = SpeechMatch(Self.voice(1))
    let quiet = AudioClip(samples: (0..<80_000).map { Int16($0 % 3) - 1 }, sampleRate: Self.rate)
    #expect(match.score(in: quiet) < 0.1)
    #expect(match.score(in: AudioClip(samples: [], sampleRate: Self.rate)) == 0)
    #expect(match.score(in: AudioClip(samples: [1, 2, 3], sampleRate: Self.rate)) == 0)
    #expect(SpeechMatch(AudioClip(samples: [], sampleRate: Self.rate)).score(in: Self.voice(1)) == 0)
  }
}

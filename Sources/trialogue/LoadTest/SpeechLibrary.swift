import Application
import Audio
import Foundation

/// Speech for callers who have no mouth: the spoken prompts, or synthetic babble where there are none.
struct SpeechLibrary: Sendable {
  /// The prompts' directory that the build fills.
  static let usualDirectory = "build/prompts"

  private let clips: [AudioClip]
  let isSynthetic: Bool

  init(promptDirectory: String = SpeechLibrary.usualDirectory, language: String = "en") {
    let library = PromptFiles(directory: promptDirectory, names: [:]).load(fallback: language).library
    let spoken = library.descriptions.filter { $0.language == language && $0.duration > 1 }
      .compactMap { library.clip($0.name, language: language) }
    isSynthetic = spoken.isEmpty
    clips = spoken.isEmpty ? (0..<4).map { SpeechLibrary.babble(pitch: 95 + 30 * Double($0)) } : spoken
  }

  /// Continuous speech of about `seconds`, different for each index.
  func speech(_ index: Int, seconds: Int) -> AudioClip {
    let rate = 16_000
    var samples: [Int16] = []
    var next = index * 3
    while samples.count < seconds * rate {
      samples += clips[next % clips.count].resampled(to: rate).samples
      next += 1
    }
    return AudioClip(samples: Array(samples.prefix(seconds * rate)), sampleRate: rate, name: "speech-\(index)")
  }

  /// Four seconds of a voice-like buzz: harmonics of a wandering pitch, in syllables of a quarter of a second.
  private static func babble(pitch: Double) -> AudioClip {
    let rate = 16_000
    var samples: [Int16] = []
    var phase = 0.0
    for index in 0..<rate * 4 {
      let time = Double(index) / Double(rate)
      phase += pitch * (1 + 0.1 * sin(2 * .pi * 0.7 * time)) / Double(rate)
      var value = 0.0
      for harmonic in 1...12 { value += sin(2 * .pi * phase * Double(harmonic)) / Double(harmonic) }
      let syllable = max(0, sin(2 * .pi * 2 * time)).squareRoot()
      samples.append(Int16(clamping: Int(value * syllable * 2_600)))
    }
    return AudioClip(samples: samples, sampleRate: rate, name: "babble")
  }
}

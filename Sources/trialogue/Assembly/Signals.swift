import Audio

/// The room's short signals, synthesised: two rising notes for who comes, two falling ones for who goes.
enum Signals {
  static let joined = notes(587, 784)
  static let left = notes(784, 587)

  private static func notes(_ first: Double, _ second: Double) -> AudioClip {
    let rate = 16_000
    var samples: [Int16] = []
    for frequency in [first, second] {
      samples +=
        ToneGenerator.clip(
          [ToneGenerator.Component(frequency: frequency, level: -24)], milliseconds: 120, sampleRate: rate, name: "note"
        ).samples
    }
    return AudioClip(samples: samples, sampleRate: rate, name: "signal")
  }
}

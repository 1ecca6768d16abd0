/// The music on hold: a calm loop of four chords that the server plays from code, so nobody's rights are touched.
package enum HoldMusic {
  /// Milliseconds of the whole loop: eight bars of 4 s.
  package static let duration = 32_000
  /// Notes as MIDI numbers: two rounds of C major 7, A minor 7, F major 7, G 6, lightly varied.
  private static let bars: [[Int]] = [
    [48, 60, 64, 67, 71], [45, 57, 60, 64, 67], [41, 57, 60, 65, 69], [43, 59, 62, 64, 67],
    [48, 60, 64, 67, 74], [45, 57, 64, 67, 72], [41, 57, 60, 65, 72], [43, 59, 62, 67, 69],
  ]

  /// The loop at a rate in hertz; its end meets its beginning. Peaks at −12 dBFS.
  package static func clip(sampleRate: Int) -> AudioClip {
    let count = sampleRate * duration / 1_000
    var mix = Array(repeating: Float(0), count: count)
    let bar = count / bars.count
    for (number, notes) in bars.enumerated() {
      for note in notes { pad(note, at: number * bar, length: bar, rate: sampleRate, into: &mix) }
      // Quarter notes up and down the chord.
      for (beat, step) in [1, 2, 3, 4, 3, 2, 4, 3].enumerated() {
        pluck(notes[step] + 12, at: number * bar + beat * bar / 8, rate: sampleRate, into: &mix)
      }
    }
    var peak: Float = 1e-9
    for value in mix { peak = max(peak, abs(value)) }
    let scale = 8_230 / peak
    return AudioClip(samples: mix.map { Rounding.sample($0 * scale) }, sampleRate: sampleRate, name: "hold-music")
  }

  private static func frequency(_ note: Int) -> Double {
    440 * Mathematics.exponential(Double(note - 69) / 12 * 0.693_147_180_559_945_3)
  }

  /// A soft held note that swells over the bar and reaches half a bar into the next; the end wraps to the beginning.
  private static func pad(_ note: Int, at start: Int, length: Int, rate: Int, into mix: inout [Float]) {
    let total = length * 3 / 2
    var first = ToneGenerator.Oscillator(.init(frequency: frequency(note), level: -24), sampleRate: rate)
    var second = ToneGenerator.Oscillator(.init(frequency: frequency(note) * 2.003, level: -38), sampleRate: rate)
    for index in 0..<total {
      let position = Double(index) / Double(total)
      let swell = 4 * position * (1 - position)
      add((first.next() + second.next()) * swell * swell, at: start + index, to: &mix)
    }
  }

  /// A bell-like note that dies away within 2 s.
  private static func pluck(_ note: Int, at start: Int, rate: Int, into mix: inout [Float]) {
    var tone = ToneGenerator.Oscillator(.init(frequency: frequency(note), level: -22), sampleRate: rate)
    var ring = ToneGenerator.Oscillator(.init(frequency: frequency(note) * 3, level: -36), sampleRate: rate)
    let decay = Mathematics.exponential(-3.5 / Double(rate))
    var envelope = 1.0
    let attack = max(rate / 100, 1)
    for index in 0..<(2 * rate) {
      let rise = index < attack ? Double(index) / Double(attack) : 1
      let fall = Double(2 * rate - index) / Double(2 * rate)
      add((tone.next() + ring.next() * envelope) * envelope * rise * fall, at: start + index, to: &mix)
      envelope *= decay
    }
  }

  private static func add(_ value: Double, at place: Int, to mix: inout [Float]) {
    mix[place % mix.count] += Float(value)
  }
}

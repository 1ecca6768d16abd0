/// A digit as the sum of two sines, ITU-T Q.23.
///
/// Digits are event codes of RFC 4733, section 3.2: 0–9, 10 is `*`, 11 is `#`, 12–15 are A–D.
package struct DTMFTone: Sendable {
  /// Hertz.
  package static let rows: [Double] = [697, 770, 852, 941]
  package static let columns: [Double] = [1_209, 1_336, 1_477, 1_633]
  /// Event codes as they stand on the keypad, row by row.
  static let keypad: [UInt8] = [1, 2, 3, 12, 4, 5, 6, 13, 7, 8, 9, 14, 10, 0, 11, 15]

  private var generator: ToneGenerator
  private let sounding: Int
  private let total: Int
  private var place = 0

  /// Nil if `code` is no digit. Times in milliseconds; levels of each sine in decibels below a full-scale sine.
  /// `twist` is how much louder the higher tone is.
  package init?(
    code: UInt8, duration: Int = 100, pause: Int = 100, level: Double = -10, twist: Double = 0, sampleRate: Int
  ) {
    guard let key = Self.keypad.firstIndex(of: code) else { return nil }
    generator = ToneGenerator(
      [
        .init(frequency: Self.rows[key / 4], level: level - twist / 2),
        .init(frequency: Self.columns[key % 4], level: level + twist / 2),
      ], sampleRate: sampleRate)
    sounding = max(duration, 0) * sampleRate / 1_000
    total = sounding + max(pause, 0) * sampleRate / 1_000
  }

  /// Whether the digit and its pause are over.
  package var isOver: Bool { place >= total }

  /// Writes the next samples of digit and pause, silence afterwards.
  package mutating func generate(into output: inout MutableSpan<Int16>) {
    let loud = min(max(sounding - place, 0), output.count)
    var part = output._mutatingExtracting(0..<loud)
    generator.generate(into: &part)
    if place + loud == sounding, loud > 0 {
      var end = output._mutatingExtracting(max(0, loud - generator.sampleRate / 500)..<loud)
      CrossFade.fadeOut(&end)
    }
    for index in loud..<output.count { output[index] = 0 }
    place = min(place + output.count, total)
  }

  /// Digit and pause as samples.
  package static func samples(
    code: UInt8, duration: Int = 100, pause: Int = 100, level: Double = -10, twist: Double = 0, sampleRate: Int
  ) -> [Int16] {
    guard
      var tone = DTMFTone(
        code: code, duration: duration, pause: pause, level: level, twist: twist, sampleRate: sampleRate)
    else { return [] }
    var samples = Array(repeating: Int16(0), count: tone.total)
    var span = samples.mutableSpan
    tone.generate(into: &span)
    return samples
  }
}

/// The level of a frame as root mean square, in decibels relative to overload as RFC 6464, section 3 counts them:
/// 0 is a square wave of full scale, −3 a sine of full scale, −127 silence.
package struct LevelMeter: Sendable {
  /// What silence measures.
  package static let silence: Float = -127
  /// The level of the last frame.
  package private(set) var level: Float = LevelMeter.silence
  /// The largest magnitude of the last frame, 0 … 32,768.
  package private(set) var peak: Int32 = 0

  package init() {}

  @discardableResult
  package mutating func measure(_ samples: Span<Int16>) -> Float {
    level = Self.silence
    peak = 0
    let count = samples.count
    guard count > 0 else { return level }
    var energy: Int64 = 0
    var low: Int16 = 0
    var high: Int16 = 0
    for index in 0..<count {
      let sample = samples[index]
      energy &+= Int64(Int32(sample) &* Int32(sample))
      low = min(low, sample)
      high = max(high, sample)
    }
    peak = max(Int32(high), -Int32(low))
    if energy > 0 {
      let power = Double(energy) / (Double(count) * 32_767 * 32_767)
      level = min(max(Float(Mathematics.decibels(power: power)), Self.silence), 0)
    }
    return level
  }

  /// The level as the RTP header extension carries it: 0 (loudest) … 127 (silence).
  package static func wireLevel(_ level: Float) -> UInt8 { UInt8(min(max(-level, 0), 127).rounded()) }
}

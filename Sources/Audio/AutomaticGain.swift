/// Slow levelling of one member's voice towards −20 dBov, at most 18 dB up or down.
///
/// The speech level is learnt only while the member talks, and the gain moves by at most 2 dB a second, so pauses do not
/// pump and background noise is not pulled up. Frames of 20 ms.
package struct AutomaticGain: Sendable {
  static let target: Float = -20
  static let range: Float = 18
  /// Decibels a frame.
  static let speed: Float = 0.04

  /// In decibels.
  package private(set) var gain: Float = 0
  private var speechLevel: Float?
  private var ramp = GainRamp()

  package init() {}

  /// Scales a frame in place. `level` is the frame's own, in dBov.
  package mutating func process(_ samples: inout MutableSpan<Int16>, level: Float, isTalking: Bool) {
    if isTalking, level > -50 { learn(level) }
    ramp.target = Float(Mathematics.amplitude(decibels: Double(gain)))
    ramp.apply(to: &samples)
  }

  private mutating func learn(_ level: Float) {
    var speech = speechLevel ?? level
    // Loud syllables make the speech level; the gaps between them count little.
    speech += (level - speech) * (level > speech ? 0.05 : 0.005)
    speechLevel = speech
    let wanted = min(max(Self.target - speech, -Self.range), Self.range)
    gain += min(max(wanted - gain, -Self.speed), Self.speed)
  }
}

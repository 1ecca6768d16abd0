/// Slow levelling of one member's voice towards −20 dBov, at most 18 dB up or down.
///
/// A voice that is near the target is left exactly as it is: a gain that wanders with the loudness of sentences costs more
/// quality than it brings (0.2 of PESQ, measured). Only one that is too loud or too quiet by more than `tolerance` is moved,
/// then all the way, by at most 2 dB a second. The speech level is learnt only while the member talks, so pauses do not
/// pump and background noise is not pulled up. Frames of 20 ms.
package struct AutomaticGain: Sendable {
  private enum State: Sendable, Hashable {
    /// The voice is loud enough and not too loud.
    case resting
    case moving
  }

  static let target: Float = -20
  static let range: Float = 18
  /// Decibels a frame.
  static let speed: Float = 0.04
  /// Decibels off the target from which the gain moves, and to which it then moves.
  static let tolerance: Float = 6
  static let settled: Float = 0.5
  /// Frames of speech before anything is known of it, and over which it is averaged.
  static let patience = 25
  static let memory = 150

  /// In decibels.
  package private(set) var gain: Float = 0
  private var state = State.resting
  /// Mean power of the speech, relative to overload.
  private var power: Float = 0
  private var frames = 0
  private var ramp = GainRamp()

  package init() {}

  /// Scales a frame in place. `level` is the frame's own, in dBov.
  package mutating func process(_ samples: inout MutableSpan<Int16>, level: Float, isTalking: Bool) {
    if isTalking, level > -50 { learn(level) }
    ramp.target = Float(Mathematics.amplitude(decibels: Double(gain)))
    ramp.apply(to: &samples)
  }

  /// Scales a frame in place while the gain goes back to none, as slowly as it came.
  package mutating func relax(_ samples: inout MutableSpan<Int16>) {
    state = .resting
    gain -= min(max(gain, -Self.speed), Self.speed)
    ramp.target = Float(Mathematics.amplitude(decibels: Double(gain)))
    ramp.apply(to: &samples)
  }

  /// Frames pass unchanged as long as the gain does not move.
  package var isUnity: Bool { gain == 0 && ramp.gain == 1 }

  private mutating func learn(_ level: Float) {
    let amplitude = Float(Mathematics.amplitude(decibels: Double(level)))
    frames = min(frames &+ 1, Self.memory)
    power += (amplitude * amplitude - power) / Float(frames)
    guard frames >= Self.patience else { return }
    let speech = Float(Mathematics.decibels(power: Double(max(power, 1e-12))))
    let error = Self.target - speech - gain
    switch state {
    case .resting: if abs(error) > Self.tolerance { state = .moving }
    case .moving: if abs(error) < Self.settled { state = .resting }
    }
    guard state == .moving else { return }
    let wanted = min(max(Self.target - speech, -Self.range), Self.range)
    gain += min(max(wanted - gain, -Self.speed), Self.speed)
  }
}

/// Tells whether a member talks from the levels of frames of 20 ms: above an adaptive noise floor, with hysteresis and
/// hang-over.
package struct TalkerDetector: Sendable {
  /// What changed with a frame.
  package enum Edge: Sendable, Hashable {
    case started, stopped
  }

  /// Whether, and for how long (in frames) the opposite has been seen.
  private enum State: Sendable {
    case silent(loud: Int)
    case talking(quiet: Int)
  }

  /// A level that is never speech, in dBov.
  static let minimum: Float = -52
  /// Decibels above the floor that start speech, and that keep it up.
  static let start: Float = 10
  static let hold: Float = 6
  /// Frames of speech before it counts (40 ms), and of quiet before it ends (300 ms).
  static let attack = 2
  static let hangOver = 15

  private var state = State.silent(loud: 0)
  /// The level of the background, in dBov.
  package private(set) var noiseFloor: Float = -60

  package init() {}

  package var isTalking: Bool {
    switch state {
    case .silent: false
    case .talking: true
    }
  }

  /// Takes the level of the next 20 ms, in dBov.
  package mutating func update(level: Float) -> Edge? {
    follow(level)
    switch state {
    case .silent(let loud):
      guard level > max(noiseFloor + Self.start, Self.minimum) else {
        state = .silent(loud: 0)
        return nil
      }
      guard loud + 1 >= Self.attack else {
        state = .silent(loud: loud + 1)
        return nil
      }
      state = .talking(quiet: 0)
      return .started
    case .talking(let quiet):
      guard level <= max(noiseFloor + Self.hold, Self.minimum - 3) else {
        state = .talking(quiet: 0)
        return nil
      }
      guard quiet + 1 >= Self.hangOver else {
        state = .talking(quiet: quiet + 1)
        return nil
      }
      state = .silent(loud: 0)
      return .stopped
    }
  }

  /// The floor falls with the level at once and rises slowly, more slowly still while somebody talks.
  private mutating func follow(_ level: Float) {
    if level < noiseFloor {
      noiseFloor += (level - noiseFloor) * 0.3
    } else {
      noiseFloor = min(noiseFloor + (isTalking ? 0.03 : 0.15), level)
    }
    noiseFloor = min(max(noiseFloor, -80), -25)
  }
}

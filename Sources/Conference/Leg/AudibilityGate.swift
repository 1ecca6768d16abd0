import Primitives

/// How loud a member may be in the moment that is played next, judged when packets arrive: the jitter buffer's delay is the
/// head start that keeps the beginning of a word from being cut off.
struct AudibilityGate: Sendable {
  /// Below this level, in dBFS, a member is not mixed.
  static let threshold: Float = -60
  /// A level holds for so long, in nanoseconds: longer than the jitter buffer delays.
  static let hold: Int64 = 500_000_000
  /// Then it falls, in decibels a second.
  static let fall: Float = 60
  static let silence: Float = -127
  /// What was decoded stays in the mix for so long after it has become quiet, in nanoseconds: the gaps between words.
  static let tail: Int64 = 100_000_000
  /// What a packet's size lets expect lies in the jitter buffer for a while: a guess is believed for so long, in nanoseconds.
  static let patience: Int64 = 150_000_000

  private var level = AudibilityGate.silence
  private var heard = Instant(nanoseconds: .min)
  /// What the last packet said, and when.
  private var last: (level: Float, at: Instant)?
  /// The level is a guess from the packet's size.
  private var isGuess = false
  /// When the decoder's own measure came last.
  private var decoded = Instant(nanoseconds: .min)
  /// When what was decoded was last loud enough to be heard.
  private var audible = Instant(nanoseconds: .min)
  /// The codec hides the level: only decoding tells.
  private(set) var needsDecoding = false

  /// In dBFS.
  func loudness(at now: Instant) -> Float {
    let since = now.nanoseconds(since: heard)
    if since <= Self.hold { return level }
    return max(level - Float(since - Self.hold) * 1e-9 * Self.fall, Self.silence)
  }

  /// What packets say of the moment, in dBFS: the last one counts for `tail`.
  func measured(at now: Instant) -> Float {
    guard let last, now.nanoseconds(since: last.at) <= Self.tail else { return Self.silence }
    return last.level
  }

  /// What was decoded is to be mixed. A guess alone opens nothing: noise in a codec of changing packet sizes would go in and
  /// out of the mix, and its sender would be encoded for alone.
  func isAudible(at now: Instant) -> Bool { !needsDecoding || now.nanoseconds(since: audible) <= Self.tail }

  mutating func observe(_ observation: PayloadLevel.Observation, at now: Instant) {
    switch observation {
    case .measured(let value):
      needsDecoding = false
      last = (value, now)
      note(value, at: now)
    case .guessed(let value):
      needsDecoding = true
      // A member who is being decoded is known better than by a guess.
      guard value >= Self.threshold, now.nanoseconds(since: decoded) > 100_000_000 else { return }
      note(value, at: now)
      isGuess = true
    }
  }

  /// The level of audio that was decoded; counts where nothing else has measured it.
  mutating func correct(_ value: Float, at now: Instant) {
    guard needsDecoding else { return }
    decoded = now
    if value >= Self.threshold { audible = now }
    if isGuess {
      guard value >= level || now.nanoseconds(since: heard) > Self.patience else { return }
      level = value
      heard = now
      isGuess = false
    } else {
      note(value, at: now)
    }
  }

  private mutating func note(_ value: Float, at now: Instant) {
    guard value >= loudness(at: now) else { return }
    level = value
    heard = now
    isGuess = false
  }
}

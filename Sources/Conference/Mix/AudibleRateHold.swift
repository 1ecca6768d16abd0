/// Follows what there is to hear upwards at once, and downwards after a second: the encoder of a listener is not to change its
/// bandwidth with every word.
struct AudibleRateHold: Sendable {
  /// Ticks.
  private static let patience = 50
  private(set) var rate = 48_000
  private var lower = 0
  private var below = 0

  /// Takes the rate of a tick; returns the rate to encode for.
  mutating func follow(_ wanted: Int) -> Int {
    if wanted >= rate {
      rate = wanted
      below = 0
      lower = 0
      return rate
    }
    lower = max(lower, wanted)
    below = below &+ 1
    if below >= Self.patience {
      rate = lower
      below = 0
      lower = 0
    }
    return rate
  }
}

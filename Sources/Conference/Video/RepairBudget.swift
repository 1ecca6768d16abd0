import Primitives

/// How much of a watcher's way packets that are sent once more may take: where a queue overflows, repeating all that it lost
/// would keep it full.
struct RepairBudget: Sendable {
  /// Of what the way bears, as one part of so many.
  private static let share = 2
  /// What may go at once: this much of a second's, in milliseconds, and never less than two packets.
  private static let burst = 250
  private static let leastOctets = 3_000

  /// What the way bears, in bit/s.
  var bitrate = BandwidthEstimator.maximum
  private var octets = 0
  private var filled: Instant?

  /// Whether a packet of so many octets may go now.
  mutating func spend(_ count: Int, at now: Instant) -> Bool {
    let perSecond = max(bitrate, 0) / 8 / Self.share
    let most = max(perSecond * Self.burst / 1_000, Self.leastOctets)
    if let filled {
      let elapsed = min(max(now.nanoseconds(since: filled), 0), 1_000_000_000)
      octets = min(most, octets + Int(elapsed / 1_000) * perSecond / 1_000_000)
    } else {
      octets = most
    }
    filled = now
    guard octets >= count else { return false }
    octets -= count
    return true
  }
}

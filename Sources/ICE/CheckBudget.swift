import Primitives

/// How many requests from addresses that have not proved themselves an agent looks at: a token bucket, so that a flood
/// costs no hash per datagram.
///
/// Addresses of valid pairs are not counted: a flood cannot starve consent.
struct CheckBudget: Hashable, Sendable, Codable {
  /// Requests at once; a browser has some 10 candidates and sends a check each 50 ms.
  static let burst: Int64 = 100
  /// Nanoseconds for one more: 50 a second.
  static let interval: Int64 = 20_000_000

  private var left = CheckBudget.burst
  private var last: Instant?

  /// Whether one more may be looked at; counts it.
  mutating func take(at now: Instant) -> Bool {
    let earned = last.map { max(now.nanoseconds(since: $0), 0) / Self.interval } ?? 0
    if earned > 0 || last == nil {
      left = min(left &+ min(earned, Self.burst), Self.burst)
      // The rest of an interval is not lost.
      last = last.map { $0.advanced(byNanoseconds: earned &* Self.interval) } ?? now
    }
    guard left > 0 else { return false }
    left -= 1
    return true
  }
}

import Primitives

/// So much at once, and so much again as time goes by: what a peer may have us do.
package struct Allowance: Hashable, Sendable {
  package let burst: Int
  /// For one unit.
  package let interval: Duration
  private var left: Int
  /// From when on the next unit grows.
  private var since: Instant?

  package init(burst: Int, every interval: Duration) {
    self.burst = burst
    self.interval = interval
    left = burst
  }

  /// False if there is not so much left; then nothing is taken.
  package mutating func take(_ count: Int = 1, at now: Instant) -> Bool {
    let step = max(interval.nanoseconds, 1)
    let grown = since.map { max(0, now.nanoseconds(since: $0)) / step } ?? Int64(burst)
    if grown >= Int64(burst - left) {
      left = burst
      since = now
    } else {
      left += Int(grown)
      since = since.map { $0 + .nanoseconds(grown * step) }
    }
    guard count <= left else { return false }
    left -= count
    return true
  }
}

import Primitives

/// The share of a core that a thread uses, measured over a second.
struct LoadMeter: Sendable {
  private var since: Instant
  private var threadTime: Int64

  init(at now: Instant, threadTime: Int64) {
    since = now
    self.threadTime = threadTime
  }

  /// The load over the last second, 0 to 1; nil while the second is not over. Times in nanoseconds of CPU time.
  mutating func measure(at now: Instant, threadTime: Int64) -> Double? {
    let elapsed = now.nanoseconds(since: since)
    guard elapsed >= 1_000_000_000 else { return nil }
    defer {
      since = now
      self.threadTime = threadTime
    }
    return min(1, max(0, Double(threadTime &- self.threadTime) / Double(elapsed)))
  }
}

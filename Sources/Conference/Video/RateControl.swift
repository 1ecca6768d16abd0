import Primitives

/// Additive increase, multiplicative decrease of a bit rate, steered by the delay's trend.
struct RateControl: Sendable {
  /// What is left after a fall, of what arrived.
  private static let fall = 0.85
  /// Growth a second far from the last fall.
  private static let growth = 0.08
  /// The same where nothing is known of a limit: pictures come in steps, and each should come within seconds.
  private static let firstGrowth = 0.3
  /// Nanoseconds between two falls: a queue needs time to empty.
  private static let pause: Int64 = 300_000_000
  /// Nanoseconds after a fall in which more is not looked for.
  private static let calm: Int64 = 1_000_000_000
  /// Not more than this much above what really arrives: the next larger picture takes about three times as much.
  private static let lead = 2.5
  /// Bits a second that are added each second near the last fall.
  private static let step = 40_000.0

  private var rate: Double
  /// What arrived when it fell last: near this the rate grows slowly.
  private var ceiling: Double?
  private var lastFall: Instant?
  private var lastUpdate: Instant?

  init(start: Int) { rate = Double(start) }

  var bitrate: Int { Int(min(max(rate, Double(BandwidthEstimator.minimum)), Double(BandwidthEstimator.maximum))) }

  /// A train of padding has shown that the way bears so much.
  mutating func learn(_ bitrate: Int) {
    guard Double(bitrate) > rate else { return }
    rate = Double(bitrate)
    if let ceiling, rate > ceiling * 1.15 { self.ceiling = nil }
  }

  /// No fall lately: it may be looked for more.
  func isCalm(at now: Instant) -> Bool { lastFall.map { now.nanoseconds(since: $0) >= Self.calm } ?? true }

  /// - Parameter received: bits a second that arrive; 0 if unknown.
  mutating func update(_ state: DelayTrend.State, received: Int, at now: Instant) {
    let elapsed = min(max(lastUpdate.map { now.milliseconds(since: $0) / 1_000 } ?? 0, 0), 1)
    lastUpdate = now
    switch state {
    case .overuse:
      if let lastFall, now.nanoseconds(since: lastFall) < Self.pause { return }
      lastFall = now
      let arrived = received > 0 ? Double(received) : rate
      rate = min(rate, Self.fall * arrived)
      ceiling = ceiling.map { 0.7 * $0 + 0.3 * arrived } ?? arrived
    case .underuse: break  // the queue empties: hold
    case .normal:
      let arrived = Double(received)
      // Who sends little learns little: the rate does not run away from what arrives.
      guard received == 0 || rate < arrived * Self.lead + 10_000 else { return }
      if let ceiling, abs(arrived - ceiling) < 0.15 * ceiling {
        rate += Self.step * elapsed
      } else {
        if let ceiling, arrived > ceiling * 1.15 { self.ceiling = nil }
        rate *= 1 + (ceiling == nil ? Self.firstGrowth : Self.growth) * elapsed
      }
    }
    rate = Double(bitrate)
  }
}

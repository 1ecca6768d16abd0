import Primitives

/// Whether the queue on the way to a receiver grows: the slope of the one-way delay over the last groups of packets.
struct DelayTrend: Sendable {
  enum State: Hashable, Sendable {
    case normal, overuse, underuse
  }

  /// Packets sent within this time are one group; nanoseconds.
  static let group: Int64 = 5_000_000
  /// Groups in the line.
  static let groups = 20
  /// Nanoseconds a slope must stay too steep.
  private static let patience: Int64 = 10_000_000
  /// Weight of the past in the smoothed delay.
  private static let smoothing = 0.9
  /// What makes a slope comparable with a threshold in milliseconds.
  private static let gain = 4.0

  private struct Group: Sendable {
    var firstSent: Instant
    var lastSent: Instant
    var arrived: Instant
  }

  private(set) var state = State.normal
  private var current: Group?
  private var previous: Group?
  private var delay = 0.0
  private var smoothed = 0.0
  private var count = 0
  /// Milliseconds since the first group, and the smoothed delay then; a ring.
  private var times = [Double](repeating: 0, count: groups)
  private var delays = [Double](repeating: 0, count: groups)
  private var start: Instant?
  private var threshold = 12.5
  private var lastSlope = 0.0
  private var steepSince: Instant?
  private var lastUpdate: Instant?

  mutating func add(sentAt: Instant, arrivedAt: Instant) {
    guard var group = current else {
      current = Group(firstSent: sentAt, lastSent: sentAt, arrived: arrivedAt)
      return
    }
    guard sentAt >= group.firstSent else { return }  // reordered
    if sentAt.nanoseconds(since: group.firstSent) <= Self.group {
      group.lastSent = max(group.lastSent, sentAt)
      group.arrived = max(group.arrived, arrivedAt)
      current = group
      return
    }
    if let previous { compare(group, with: previous) }
    previous = group
    current = Group(firstSent: sentAt, lastSent: sentAt, arrived: arrivedAt)
  }

  private mutating func compare(_ group: Group, with earlier: Group) {
    let sent = group.lastSent.milliseconds(since: earlier.lastSent)
    let arrived = group.arrived.milliseconds(since: earlier.arrived)
    // A clock that jumps says nothing about the way.
    guard abs(arrived - sent) < 3_000 else {
      self = DelayTrend()
      return
    }
    let start = start ?? group.arrived
    self.start = start
    delay += arrived - sent
    smoothed = Self.smoothing * smoothed + (1 - Self.smoothing) * delay
    times[count % Self.groups] = group.arrived.milliseconds(since: start)
    delays[count % Self.groups] = smoothed
    count &+= 1
    guard count >= Self.groups else { return }
    detect(slope() * Double(min(count, 60)) * Self.gain, at: group.arrived)
  }

  private func slope() -> Double {
    var meanTime = 0.0
    var meanDelay = 0.0
    for index in 0..<Self.groups {
      meanTime += times[index] / Double(Self.groups)
      meanDelay += delays[index] / Double(Self.groups)
    }
    var above = 0.0
    var below = 0.0
    for index in 0..<Self.groups {
      above += (times[index] - meanTime) * (delays[index] - meanDelay)
      below += (times[index] - meanTime) * (times[index] - meanTime)
    }
    return below > 0 ? above / below : 0
  }

  private mutating func detect(_ slope: Double, at now: Instant) {
    if slope > threshold {
      let since = steepSince ?? now
      steepSince = since
      // Falling already is no reason to fall more.
      if now.nanoseconds(since: since) >= Self.patience, slope >= lastSlope { state = .overuse }
    } else {
      steepSince = nil
      state = slope < -threshold ? .underuse : .normal
    }
    lastSlope = slope
    adapt(abs(slope), at: now)
  }

  /// The threshold follows what is usual here, fast upwards and slowly down, so that jitter is no queue and a competing
  /// flow does not starve us; a single spike does not move it.
  private mutating func adapt(_ slope: Double, at now: Instant) {
    let elapsed = min(lastUpdate.map { now.milliseconds(since: $0) } ?? 0, 100)
    lastUpdate = now
    guard slope <= threshold + 15 else { return }
    let rate = slope < threshold ? 0.039 : 0.0087
    threshold = min(max(threshold + rate * (slope - threshold) * elapsed, 6), 600)
  }
}

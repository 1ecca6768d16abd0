import Primitives

/// Measures by how much packets come later than the quickest of late: the network's jitter as a playout buffer sees it.
///
/// A packet's relative delay is its arrival minus its timestamp, minus the least such difference of the last seconds (which follows
/// clock drift and route changes). A histogram with forgetting gives the delay that all but a hundredth of the packets keep.
struct DelayEstimator: Sendable {
  /// Buckets of one millisecond; the last one takes all beyond.
  static let buckets = 256
  /// Share of packets that may come later than `required`.
  static let tail = 0.01
  /// Old packets count less by this factor with each new one. One packet alone weighs less than `tail`: a single spike moves
  /// nothing, two within ten seconds do.
  static let forgetting = 0.991
  /// How long the quickest packet is remembered: between one and two of these.
  static let window: Int64 = 2_500_000_000

  /// Packets closer together than this, in nanoseconds, came at once.
  static let burst: Int64 = 2_000_000

  private let clockRate: Int64
  private var histogram: [Double]
  /// No bucket above holds anything.
  private var top = 0
  private var weight = 1.0
  private var total = 0.0
  private var sinceScan = 0
  private var anchorTimestamp: Int64 = 0
  private var anchorInstant = Instant.zero
  /// Least transits of this window and of the one before, in nanoseconds against the anchor.
  private var least: Int64 = 0
  private var leastBefore: Int64 = 0
  private var windowStart = Instant.zero
  private var lastArrival = Instant.zero
  private var lastRelative: Int64 = 0
  /// Transit of the packet that came last.
  private(set) var lastTransit: Int64 = 0
  /// Milliseconds after a quick packet's arrival by which all but a few others have come. 0 for a network without jitter.
  private(set) var required = 0

  init(clockRate: Int, initial: Int) {
    self.clockRate = Int64(max(1, clockRate))
    histogram = Array(repeating: 0, count: Self.buckets)
    seed(initial)
  }

  /// Starts anew with a stream: the timeline is forgotten, the network's jitter is not.
  mutating func anchor(timestamp: Int64, at now: Instant) {
    anchorTimestamp = timestamp
    anchorInstant = now
    rebase(to: 0, at: now)
    lastTransit = 0
  }

  /// The quickest transit is now this one.
  mutating func rebase(to transit: Int64, at now: Instant) {
    least = transit
    leastBefore = transit
    windowStart = now
  }

  /// Nanoseconds of the least transit of late.
  var base: Int64 { min(least, leastBefore) }

  func transit(timestamp: Int64, at arrival: Instant) -> Int64 {
    arrival.nanoseconds(since: anchorInstant) &- nanoseconds(timestamp &- anchorTimestamp)
  }

  /// Nanoseconds since the moment at which a quick packet with this timestamp would have come; negative before it.
  func elapsed(timestamp: Int64, at now: Instant) -> Int64 { transit(timestamp: timestamp, at: now) &- base }

  /// Counts a packet's delay.
  mutating func receive(timestamp: Int64, at arrival: Instant) {
    let transit = transit(timestamp: timestamp, at: arrival)
    lastTransit = transit
    if arrival.nanoseconds(since: windowStart) > Self.window {
      leastBefore = least
      least = transit
      windowStart = arrival
    } else if transit < least {
      least = transit
    }
    let relative = (transit &- base) / 1_000_000
    // What a stall held up comes at once, each packet less late than the one before: one event, counted once.
    let isSameStall = arrival.nanoseconds(since: lastArrival) < Self.burst && relative < lastRelative
    lastArrival = arrival
    lastRelative = relative
    guard !isSameStall else { return }
    add(Int(clamping: min(max(relative, 0), Int64(Self.buckets &- 1))))
  }

  private mutating func seed(_ milliseconds: Int) {
    add(min(max(milliseconds, 0), Self.buckets &- 1))
  }

  private mutating func add(_ bucket: Int) {
    weight /= Self.forgetting
    histogram[bucket] += weight
    total += weight
    top = max(top, bucket)
    sinceScan &+= 1
    if bucket >= required || sinceScan >= 8 { scan() }
    if weight > 1e9 { rescale() }
  }

  private mutating func scan() {
    sinceScan = 0
    let allowed = total * Self.tail
    while top > 0, histogram[top] < total * 1e-6 {
      histogram[top] = 0
      top &-= 1
    }
    var sum = 0.0
    var bucket = top
    while bucket > 0 {
      sum += histogram[bucket]
      if sum > allowed { break }
      bucket &-= 1
    }
    // The upper edge of the bucket: packets within it came by then.
    required = bucket == 0 ? 0 : bucket &+ 1
  }

  private mutating func rescale() {
    total = 0
    for bucket in 0..<Self.buckets {
      histogram[bucket] /= weight
      total += histogram[bucket]
    }
    weight = 1
  }

  private func nanoseconds(_ ticks: Int64) -> Int64 {
    let seconds = ticks / clockRate
    return seconds &* 1_000_000_000 &+ (ticks &- seconds &* clockRate) &* 1_000_000_000 / clockRate
  }
}

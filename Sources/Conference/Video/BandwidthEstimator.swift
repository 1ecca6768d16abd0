import Primitives
import RTP

/// How many bits a second the way to a watcher bears: from the delay of packets (their trend) and from their loss, by
/// transport-wide feedback; where a watcher sends only REMB, from that.
///
/// Delay-based: packets are taken in groups of what was sent within 5 ms; the groups' one-way delay, summed up, is fitted by
/// a line over the last 20 groups. A line that rises more than an adapting threshold means a queue that fills: the rate
/// falls to 0.85 of what arrives. Otherwise it grows, by 8 % a second far from the last fall, else by about a packet a
/// round trip. Loss-based: above 10 % the rate falls by half of the loss, below 2 % it may grow. Where more is wanted than the
/// estimate allows, trains of padding look for it.
package struct BandwidthEstimator: Sendable {
  /// Bits a second: never below, never above.
  package static let minimum = 30_000
  package static let maximum = 20_000_000
  package static let start = 600_000
  /// Packets remembered until they are reported; a power of two.
  static let window = 4_096

  private struct Sent: Sendable {
    var sequence: Int64 = .min
    var at = Instant.zero
    var octets = 0
    /// Of a train that is out to learn.
    var isProbe = false
  }

  private var sent: [Sent]
  private var numbers = Extended<UInt16>()
  private var trend = DelayTrend()
  private var control: RateControl
  private var probe = BandwidthProbe()
  /// The receiver's clock is known only by its differences.
  private var reference: Extended<UInt32> = Extended()
  private var received = RateMeter()
  /// Loss since the last judgement, and when that was.
  private var lostCount = 0
  private var reportedCount = 0
  private var judged: Instant?
  /// When too much was lost last: then nothing is looked for.
  private var lossy: Instant?
  private var lossLimit = maximum
  /// The receiver's own limit by REMB, and when it came.
  private var remote: (bitrate: Int, at: Instant)?
  private var hasFeedback = false
  /// What `b=AS`, `TIAS` or the operator allows.
  package var limit: Int

  package init(limit: Int = maximum) {
    self.limit = limit
    sent = Array(repeating: Sent(), count: Self.window)
    control = RateControl(start: Self.start)
  }

  /// Bits a second.
  package var bitrate: Int {
    // Chromium sends REMB beside transport-wide feedback, and means little by it: some 10 kbit/s where all is well.
    let rate = hasFeedback ? min(control.bitrate, lossLimit) : remote?.bitrate ?? Self.start
    return min(max(rate, Self.minimum), Self.maximum, max(limit, Self.minimum))
  }

  /// A packet has left under this transport-wide number; `isProbe` for one of a train.
  package mutating func sent(_ wire: UInt16, octets: Int, at now: Instant, isProbe: Bool = false) {
    let sequence = numbers.extend(wire)
    sent[place(sequence)] = Sent(sequence: sequence, at: now, octets: octets, isProbe: isProbe)
  }

  /// Packets of padding to send now, in one go, because `wanted` bits a second are; nil for none.
  package mutating func probe(for wanted: Int, at now: Instant) -> Int? {
    let goal = min(wanted, limit, Self.maximum)
    let isLossy = lossy.map { now.nanoseconds(since: $0) < 1_000_000_000 } ?? false
    guard hasFeedback, goal > bitrate, !isLossy, control.isCalm(at: now) else { return nil }
    return probe.begin(min(bitrate * 2, goal + goal / 5), at: now)
  }

  package mutating func receive(_ limit: MaximumBitrate, at now: Instant) {
    remote = (Int(clamping: limit.bitrate), now)
  }

  package mutating func receive(_ feedback: TransportFeedback, at now: Instant) {
    hasFeedback = true
    // 64 ms units of 24 bits: shifted up they wrap as 32 bits do.
    let base = reference.extend(UInt32(bitPattern: feedback.referenceTime << 8)) >> 8
    var ticks = base &* (TransportFeedback.referenceTick / TransportFeedback.tick)
    for (index, delta) in feedback.deltas.enumerated() {
      let sequence = numbers.peek(feedback.baseSequence &+ UInt16(truncatingIfNeeded: index))
      if let delta { ticks &+= Int64(delta) }
      let slot = place(sequence)
      guard sent[slot].sequence == sequence else { continue }
      let arrivedAt = Instant(nanoseconds: ticks &* 250_000)
      if sent[slot].isProbe {
        learn(probe.report(sent[slot].octets, arrivedAt: delta == nil ? nil : arrivedAt))
        sent[slot].sequence = .min
        continue
      }
      reportedCount &+= 1
      guard delta != nil else {
        lostCount &+= 1
        continue
      }
      received.count(sent[slot].octets, at: now)
      trend.add(sentAt: sent[slot].at, arrivedAt: arrivedAt)
      // Told again it does not count again.
      sent[slot].sequence = .min
    }
    let state = probe.isEchoing(at: now) && trend.state == .overuse ? .normal : trend.state
    control.update(state, received: received.bitrate(at: now), at: now)
    judgeLoss(at: now)
  }

  /// What a train has shown, if it has come whole.
  private mutating func learn(_ found: Int?) {
    guard let found else { return }
    guard found > bitrate + bitrate / 10 else { return probe.fail() }
    probe.succeed()
    control.learn(found)
    lossLimit = max(lossLimit, found)
  }

  private mutating func judgeLoss(at now: Instant) {
    guard let judged else {
      self.judged = now
      return
    }
    guard now.nanoseconds(since: judged) >= 500_000_000, reportedCount >= 10 else { return }
    let loss = Double(lostCount) / Double(reportedCount)
    let rate = Double(min(lossLimit, control.bitrate))
    if loss > 0.10 {
      lossy = now
      lossLimit = Int(rate * (1 - 0.5 * loss))
    } else if loss < 0.02 {
      lossLimit = Int(min(rate * 1.08 + 1_000, Double(Self.maximum)))
    }
    lossLimit = max(lossLimit, Self.minimum)
    lostCount = 0
    reportedCount = 0
    self.judged = now
  }

  private func place(_ sequence: Int64) -> Int { Int(truncatingIfNeeded: sequence) & (Self.window &- 1) }
}

import Primitives

/// What a receiver knows of one source: sequence numbers, loss and jitter; RFC 3550, appendices A.1, A.3 and A.8.
package struct ReceiveStream: Sendable {
  /// RFC 3550, appendix A.1: a jump forward up to this is loss; a step back up to `maximumMisorder` is late.
  static let maximumDropout: Int64 = 3_000
  static let maximumMisorder: Int64 = 100

  private enum State: Sendable {
    /// Packets in order that are still missing before the source counts.
    case probation(left: Int, next: UInt16?)
    /// `restart` is the sequence number that would confirm a large jump.
    case valid(restart: UInt16?)
  }

  package let ssrc: UInt32
  private let minimumSequential: Int
  private var state: State
  private var sequence = Extended<UInt16>()
  private var timestamp = Extended<UInt32>()
  /// Added to extended sequence numbers, so that they stay in order over a restart.
  private var base: Int64 = 0
  /// The first of this run, before `base` is added.
  private var first: Int64 = 0
  private var received: Int64 = 0
  private var expectedPrior: Int64 = 0
  private var receivedPrior: Int64 = 0
  /// Loss and packets from before the last restart.
  private var earlierLost: Int64 = 0
  private var earlierReceived: Int64 = 0
  private var clockRate = 8_000
  private var lastArrival: Instant?
  private var lastTimestamp: Int64 = 0
  /// In ticks of the RTP clock.
  private var jitterTicks: Double = 0
  private var lastReport: UInt32 = 0
  private var lastReportArrival: Instant?

  /// - Parameter minimumSequential: packets in order before a new source counts, RFC 3550's MIN_SEQUENTIAL; 1 takes all.
  package init(ssrc: UInt32, minimumSequential: Int = 2) {
    self.ssrc = ssrc
    self.minimumSequential = max(1, minimumSequential)
    state = .probation(left: self.minimumSequential, next: nil)
  }

  /// Counts a packet of this source.
  ///
  /// - Parameter measuresJitter: false for packets that repeat a timestamp by design (RFC 4733).
  package mutating func receive(
    _ header: RTPHeader, arrival: Instant, clockRate: Int, measuresJitter: Bool = true
  ) -> SequenceVerdict {
    switch state {
    case .probation(let left, let next):
      let isInOrder = next == header.sequence
      let stillLeft = (isInOrder ? left : minimumSequential) &- 1
      guard stillLeft <= 0 else {
        state = .probation(left: stillLeft, next: header.sequence &+ 1)
        return .probation
      }
      start(at: header.sequence)
    case .valid(let restart):
      guard let last = sequence.last else { break }
      let step = sequence.peek(header.sequence) &- last
      if step >= Self.maximumDropout || step < -Self.maximumMisorder {
        guard restart == header.sequence else {
          state = .valid(restart: header.sequence &+ 1)
          return .rejected
        }
        // Two in a row after a jump: the sender has started anew.
        start(at: header.sequence)
      } else {
        state = .valid(restart: nil)
      }
    }
    received &+= 1
    let extendedSequence = sequence.extend(header.sequence) &+ base
    let extendedTimestamp = timestamp.extend(header.timestamp)
    if measuresJitter { measure(extendedTimestamp, arrival: arrival, clockRate: clockRate) }
    return .accepted(extendedSequence: extendedSequence, extendedTimestamp: extendedTimestamp)
  }

  /// Notes a sender report of this source, so that our next report block can answer it.
  package mutating func received(_ report: SenderReport, at arrival: Instant) {
    lastReport = UInt32(truncatingIfNeeded: report.ntp >> 16)
    lastReportArrival = arrival
  }

  /// The block for our next report; starts a new interval for `fractionLost`. Nil before the source counts.
  package mutating func reportBlock(at now: Instant) -> ReportBlock? {
    guard case .valid = state, let highest = sequence.last else { return nil }
    let expected = expectedHere
    let expectedInterval = expected &- expectedPrior
    let receivedInterval = received &- receivedPrior
    expectedPrior = expected
    receivedPrior = received
    let lostInterval = expectedInterval &- receivedInterval
    var fraction: UInt8 = 0
    if expectedInterval > 0, lostInterval > 0 {
      fraction = UInt8(clamping: lostInterval &* 256 / expectedInterval)
    }
    var delay: UInt32 = 0
    if let lastReportArrival {
      delay = UInt32(clamping: Int64(clampingSeconds(now.nanoseconds(since: lastReportArrival)) * 65_536))
    }
    return ReportBlock(
      ssrc: ssrc, fractionLost: fraction,
      cumulativeLost: Int32(clamping: min(max(expected &- received &+ earlierLost, -0x80_0000), 0x7F_FFFF)),
      highestSequence: UInt32(truncatingIfNeeded: base &+ highest), jitter: UInt32(clamping: Int64(jitterTicks)),
      lastSenderReport: lastReport, delaySinceLastSenderReport: delay)
  }

  /// The unwrapped value of a timestamp near those received; it is not counted.
  package func timestamp(_ wire: UInt32) -> Int64 { timestamp.peek(wire) }

  package var packetsReceived: UInt64 { UInt64(clamping: received &+ earlierReceived) }
  /// Gaps in the sequence numbers so far; duplicates never make it negative.
  package var packetsLost: UInt64 { UInt64(clamping: expectedHere &- received &+ earlierLost) }
  /// Interarrival jitter in milliseconds, RFC 3550, section 6.4.1.
  package var jitter: Double { jitterTicks * 1_000 / Double(clockRate) }
  package var isValid: Bool { if case .valid = state { true } else { false } }

  private var expectedHere: Int64 {
    guard let highest = sequence.last else { return 0 }
    return highest &- first &+ 1
  }

  private mutating func start(at wire: UInt16) {
    if let highest = sequence.last {
      earlierLost = max(0, earlierLost &+ expectedHere &- received)
      earlierReceived &+= received
      received = 0
      expectedPrior = 0
      receivedPrior = 0
      // Two cycles up: above everything counted before, and the lower 16 bits stay the wire's.
      base = ((base &+ highest) >> 16 &+ 2) << 16
      sequence = Extended<UInt16>()
    }
    first = Int64(wire)
    lastArrival = nil
    state = .valid(restart: nil)
  }

  private mutating func measure(_ timestamp: Int64, arrival: Instant, clockRate: Int) {
    self.clockRate = max(1, clockRate)
    if let lastArrival {
      let elapsed = Double(arrival.nanoseconds(since: lastArrival)) * Double(self.clockRate) / 1e9
      let difference = abs(elapsed - Double(timestamp &- lastTimestamp))
      jitterTicks += (difference - jitterTicks) / 16
    }
    lastArrival = arrival
    lastTimestamp = timestamp
  }

  private func clampingSeconds(_ nanoseconds: Int64) -> Double { min(max(Double(nanoseconds) / 1e9, 0), 65_535) }
}

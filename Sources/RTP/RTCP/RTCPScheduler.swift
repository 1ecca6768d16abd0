import Primitives

/// When to send RTCP: the randomised interval with timer reconsideration of RFC 3550, section 6.3 and appendix A.7.
///
/// Use: `start`, then at each `deadline` call `timeout(at:)`; send a report when it says so, and tell `sent`.
package struct RTCPScheduler: Sendable {
  /// Seconds; the first interval is half of it. RFC 3550, section 6.2.
  static let minimumInterval = 5.0
  /// e − 1.5: evens out that reconsideration makes intervals shorter than meant.
  static let compensation = 2.718_281_828_459_045 - 1.5

  /// When `timeout(at:)` wants to be called; nil before `start` and after `stop`.
  package private(set) var deadline: Instant?
  /// Sources known in the session, ours included.
  package var members = 2 { didSet { members = min(max(members, 1), 100_000) } }
  /// Of these, those that sent RTP of late.
  package var senders = 1
  /// We sent RTP since the report before the last.
  package var weSent = true

  /// Octets a second for RTCP of the whole session: 5 % of the session's bandwidth.
  private let bandwidth: Double
  private var averageSize = 128.0
  private var isInitial = true
  private var previous: Instant = .zero
  private var random: RandomSource

  /// - Parameter sessionBandwidth: of the RTP session, in bit/s; RTCP takes 5 % of it.
  package init(sessionBandwidth: Int = 64_000, random: RandomSource) {
    bandwidth = max(1, Double(sessionBandwidth) * 0.05 / 8)
    self.random = random
  }

  package mutating func start(at now: Instant) {
    previous = now
    deadline = now.advanced(byNanoseconds: interval())
  }

  package mutating func stop() { deadline = nil }

  /// True if a report is to be sent now. Moves the deadline on either way.
  package mutating func timeout(at now: Instant) -> Bool {
    guard let deadline, deadline <= now else { return false }
    // Reconsider with what is known now: the group may have grown since the deadline was set.
    let reconsidered = previous.advanced(byNanoseconds: interval())
    guard reconsidered <= now else {
      self.deadline = reconsidered
      return false
    }
    previous = now
    isInitial = false
    self.deadline = now.advanced(byNanoseconds: interval())
    return true
  }

  /// Counts a compound packet that we sent, headers of UDP and IP left out.
  package mutating func sent(octets: Int) { average(octets) }

  /// Counts a compound packet that came.
  package mutating func received(octets: Int) { average(octets) }

  private mutating func average(_ octets: Int) {
    // 28: the lower layers' headers belong to the bandwidth (section 6.2).
    averageSize += (Double(min(max(octets, 0), 65_535) + 28) - averageSize) / 16
  }

  private mutating func interval() -> Int64 {
    var share = bandwidth
    var count = Double(members)
    let sending = min(max(senders, 0), members)
    if Double(sending) <= Double(members) * 0.25 {
      if weSent {
        share *= 0.25
        count = Double(max(1, sending))
      } else {
        share *= 0.75
        count = Double(max(1, members - sending))
      }
    }
    let minimum = isInitial ? Self.minimumInterval / 2 : Self.minimumInterval
    let seconds = max(minimum, averageSize * count / share)
    let fraction = Double(random.next() >> 11) / 9_007_199_254_740_992
    let randomised = min(seconds, 86_400) * (fraction + 0.5) / Self.compensation
    return Int64(randomised * 1e9)
  }
}

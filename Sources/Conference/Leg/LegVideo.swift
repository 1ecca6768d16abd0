import Primitives
import RTP

/// A member's part in video: what was agreed, what is known of the way to it, and where its streams stand. It goes with the leg
/// from room to room.
struct LegVideo: Sendable {
  /// Nanoseconds between two reports.
  static let reportInterval: Int64 = 1_000_000_000

  private(set) var plan: VideoPlan
  /// Payload types of what the member sends: one bit each.
  private var types: (low: UInt64, high: UInt64) = (0, 0)
  /// Where streams stood that were closed, by their SSRC.
  var numbers: [UInt32: ViewNumbers] = [:]
  /// Which of the member's streams is which.
  var known = KnownSources()
  /// How far the packets to the member are counted.
  var transportSequence: UInt16 = 0
  /// What came from the member; made with the first packet.
  private var arrivals: TransportArrivals?
  /// What the way to the member bears; made with the first packet.
  private var estimator: BandwidthEstimator?
  /// When the next report is due.
  var reportDue: Instant
  private let sender: UInt32
  private(set) var packetsReceived: UInt64 = 0
  private(set) var packetsSent: UInt64 = 0

  /// - Parameter sender: the SSRC of our reports.
  init(_ plan: VideoPlan, sender: UInt32, at now: Instant) {
    self.plan = plan
    self.sender = sender
    reportDue = now
    adopt(plan)
  }

  mutating func adopt(_ plan: VideoPlan) {
    self.plan = plan
    types = (0, 0)
    if let publisher = plan.publisher {
      note(publisher.payloadType)
      if let type = publisher.retransmissionType { note(type) }
    }
    estimator?.limit = plan.bitrate
  }

  private mutating func note(_ type: UInt8) {
    if type < 64 { types.low |= 1 << UInt64(type) } else { types.high |= 1 << UInt64(type & 63) }
  }

  /// Whether packets of this type, 0 to 127, are the member's picture.
  func carries(_ type: UInt8) -> Bool { (type < 64 ? types.low : types.high) >> UInt64(type & 63) & 1 != 0 }

  /// A packet of the member's picture came.
  mutating func receive(_ header: RTPHeader, in packet: Span<UInt8>, at now: Instant) {
    packetsReceived &+= 1
    guard let id = plan.publisher?.extensions.transportSequence, id != 0,
      let sequence = header.transportSequence(id, in: packet)
    else { return }
    if arrivals == nil { arrivals = TransportArrivals(sender: sender) }
    arrivals?.receive(sequence, media: header.ssrc, at: now)
  }

  /// A packet of somebody's picture was sent to the member.
  mutating func sent(_ octets: Int, under sequence: UInt16?, isProbe: Bool = false, at now: Instant) {
    packetsSent &+= 1
    guard let sequence else { return }
    if estimator == nil { estimator = BandwidthEstimator(limit: plan.bitrate) }
    estimator?.sent(sequence, octets: octets, at: now, isProbe: isProbe)
  }

  /// Packets of padding to send now because the member would be shown more, in bit/s, than the way is known to bear; nil for
  /// none.
  mutating func probe(for wanted: Int, at now: Instant) -> Int? { estimator?.probe(for: wanted, at: now) }

  /// Feedback on what we sent; false if it is not about the way.
  mutating func receive(_ feedback: Feedback, at now: Instant) -> Bool {
    if let arrivals = TransportFeedback(feedback) {
      estimator?.receive(arrivals, at: now)
      return true
    }
    if let limit = MaximumBitrate(feedback) {
      if estimator == nil { estimator = BandwidthEstimator(limit: plan.bitrate) }
      estimator?.receive(limit, at: now)
      return true
    }
    return false
  }

  /// Bits a second.
  var bitrate: Int { estimator?.bitrate ?? min(BandwidthEstimator.start, plan.bitrate) }

  /// What is to be told of the member's packets now; nil if nothing is.
  mutating func arrivalReport(at now: Instant) -> Feedback? {
    guard let due = arrivals?.deadline, due <= now else { return nil }
    return arrivals?.feedback(at: now)?.feedback
  }
}

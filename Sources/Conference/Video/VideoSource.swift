import Primitives
import RTP

/// One stream of a publisher: a simulcast layer, or its only one.
struct VideoSource: Sendable {
  /// Nanoseconds without a packet after which a stream counts as paused by its sender.
  static let silence: Int64 = 700_000_000

  /// The publisher's slot.
  var publisher: Int
  /// Which of its simulcast streams, 0 the smallest.
  var layer: Int
  /// Tells the sources apart that have had this slot.
  var generation: Int
  var ssrc: UInt32
  /// Of its retransmission stream, once that is known.
  var retransmission: UInt32?
  var stream: ReceiveStream
  var history: PacketHistory
  var missing = MissingPackets()
  var requests = KeyFrameRequests()
  var clock = SourceClock()
  var rate = RateMeter()
  var highest: Int64 = .min
  var lastArrival = Instant(nanoseconds: .min)

  init(publisher: Int, layer: Int, generation: Int, ssrc: UInt32, octets: Int) {
    self.publisher = publisher
    self.layer = layer
    self.generation = generation
    self.ssrc = ssrc
    stream = ReceiveStream(ssrc: ssrc, minimumSequential: 1)
    history = PacketHistory(octets: octets)
  }

  func isActive(at now: Instant) -> Bool { now.nanoseconds(since: lastArrival) <= Self.silence }
}

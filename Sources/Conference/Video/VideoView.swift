import Primitives

/// One stream of a watcher: what it is shown in it, and how its numbers are made.
struct VideoView: Sendable {
  var watcher: Int
  /// The publisher's slot; nil while nobody is shown.
  var publisher: Int?
  var plan: ViewPlan
  var rewriter: StreamRewriter
  var selector = LayerSelector()
  /// What is wanted, before it is known which layers the publisher really sends.
  var wanted: LayerSelector.Layers?
  var sent = SentPackets()
  var retransmissionSequence: UInt16
  /// The picture shown last: which source and timestamp, and when it was sent.
  var lastShown: (source: Int, generation: Int, timestamp: Int64, at: Instant)?
  var packetCount: UInt32 = 0
  var octetCount: UInt32 = 0
  var retransmitted = 0
}

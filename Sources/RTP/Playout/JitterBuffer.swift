import Primitives

/// Holds packets back just as long as the network's jitter needs, puts them in order and says what is missing; RFC 3550,
/// section 6.4.1, names the jitter, the playout is the receiver's affair.
///
/// The owner inserts packets as they come and calls `next` whenever it needs a packet's audio. Time that nothing is played for
/// (`waiting`, `gap`) raises the delay; `delayAdvice` asks the owner to shorten or lengthen the audio. A packet with `elapsed`
/// milliseconds since a quick packet of its timestamp would have come may be played from `required` on, and is played at most one
/// frame later: a network without jitter costs less than one frame.
package struct JitterBuffer: Sendable {
  /// How a buffer is set up; delays in milliseconds from a quick packet's arrival to its playout.
  package struct Configuration: Hashable, Sendable {
    package var clockRate: Int
    /// Milliseconds between two calls of `next`: the room's tick.
    package var frame: Int
    /// Milliseconds that a packet is expected to last until the stream has shown it.
    package var packet: Int
    package var minimumDelay: Int
    package var maximumDelay: Int
    /// The delay to start with, before anything is known of the network; it fades within two seconds.
    package var initialDelay: Int
    package init(
      clockRate: Int, frame: Int = 20, packet: Int = 20, minimumDelay: Int = 20, maximumDelay: Int = 200,
      initialDelay: Int = 20
    ) {
      self.clockRate = max(1, clockRate)
      self.frame = min(max(frame, 1), 1_000)
      self.packet = min(max(packet, 1), 1_000)
      self.minimumDelay = max(0, minimumDelay)
      self.maximumDelay = max(self.minimumDelay, maximumDelay)
      self.initialDelay = initialDelay
    }
  }

  /// What became of a packet.
  package enum Insertion: Hashable, Sendable {
    case queued
    /// Its time is over.
    case late
    case duplicate
    /// No room, or the stream jumped. Resynchronised: the buffer was emptied and goes on with this packet; else it was dropped.
    case overflow(resynchronised: Bool)
  }

  enum Phase: Sendable {
    /// Nothing has come yet.
    case idle
    /// A pause, or the time before the first packet (`heard` is false): the next packet is played when it is due.
    case pausing(heard: Bool)
    /// `concealed`: packets in a row that were missing.
    case playing(concealed: Int)
  }

  /// A step of sequence numbers larger than this starts anew.
  static let maximumJump: Int64 = 100
  /// Packets ahead of the next one that are kept; one place stays for the packet that is being played.
  static let reach = Int64(PacketRing.capacity - 2)
  /// A transit this far off the usual one, in nanoseconds, is another timeline.
  static let timelineBreak: Int64 = 2_000_000_000
  /// Nanoseconds: a packet this late at the start of a talk spurt shows a route or sender that has become slower.
  static let staleBase: Int64 = 100_000_000
  /// Milliseconds beyond `required` for which a missing packet is waited for: timers are not exact.
  static let grace = 3
  /// Milliseconds beyond the target before audio is shortened.
  static let slack = 4.0
  /// Packets concealed in a row while later ones have come, and while nothing has: then it is a pause.
  static let maximumConcealed = 5
  static let maximumEmptied = 3

  package let configuration: Configuration
  var ring = PacketRing()
  var estimator: DelayEstimator
  var phase = Phase.idle
  /// Of the packet to be played next.
  var expected: Int64 = 0
  /// The highest that came.
  var highest: Int64 = 0
  /// Timestamp up to which time has been played or concealed.
  var playedTo: Int64 = 0
  /// Time concealed while the buffer was empty: `expected` has not moved over it.
  var emptiedTicks: Int64 = 0
  var emptied = 0
  /// Ticks that a packet lasts, and the last step seen between two neighbours.
  var duration: Int64
  var lastStep: Int64 = 0
  var lastPlayed: JitterSlot?
  /// The sender stops sending in pauses.
  var sendsPauses = false
  /// Bit i: packet `expected − 1 − i` came.
  var history: UInt64 = 0
  var advice = DelayAdvice.keep
  var playedElapsed: Double = 0

  /// Audio that the owner has decoded but not played when it calls `next`, in clock ticks; counted in `currentDelay`.
  package var queuedTicks: Int64 = 0
  package var metrics: VoIPMetrics
  package internal(set) var lateCount: UInt64 = 0
  package internal(set) var duplicateCount: UInt64 = 0
  package internal(set) var overflowCount: UInt64 = 0
  /// Packets' times that were given out as lost.
  package internal(set) var concealedCount: UInt64 = 0

  package init(configuration: Configuration) {
    self.configuration = configuration
    estimator = DelayEstimator(
      clockRate: configuration.clockRate, initial: configuration.initialDelay - configuration.frame)
    duration = Int64(configuration.packet) * Int64(configuration.clockRate) / 1_000
    metrics = VoIPMetrics(packetTime: Double(configuration.packet))
  }

  /// Forgets the stream, not the network: a new SSRC begins.
  package mutating func reset() {
    ring.removeAll()
    phase = .idle
    emptied = 0
    emptiedTicks = 0
    history = 0
    lastPlayed = nil
    lastStep = 0
    sendsPauses = false
    advice = .keep
  }

  /// The payload of a slot that `next` gave, until `next` or `insert` is called again.
  @_lifetime(borrow self)
  package func payload(of slot: JitterSlot) -> Span<UInt8> { ring.payload(of: slot) }

  /// Tells how long the packet that `next` gave really was, in clock ticks. Optional: the buffer learns it from the stream.
  package mutating func played(ticks: Int64) {
    guard let lastPlayed, ticks > 0, ticks <= maximumPacketTicks else { return }
    playedTo = lastPlayed.timestamp &+ ticks
    duration = ticks
  }

  /// Timestamp of what is played next; nil in a pause with nothing waiting.
  package var playHead: Int64? {
    switch phase {
    case .idle: nil
    case .pausing: ring.audio(expected)?.timestamp
    case .playing: playedTo
    }
  }

  package var delayAdvice: DelayAdvice { advice }

  /// Milliseconds that a packet may lie here at most, if it came as quickly as any.
  package var targetDelay: Double { Double(required &+ configuration.frame) }

  /// Milliseconds from when a quick packet would have come until the audio played last was wanted, audio queued behind the
  /// buffer included.
  package var currentDelay: Double {
    playedElapsed + Double(queuedTicks) * 1_000 / Double(configuration.clockRate)
  }

  /// Milliseconds from a quick packet's arrival to its earliest playout.
  var required: Int {
    let least = max(0, configuration.minimumDelay &- configuration.frame)
    let most = max(least, configuration.maximumDelay &- configuration.frame)
    return min(max(estimator.required, least), most)
  }

  var maximumPacketTicks: Int64 { Int64(configuration.clockRate) * 120 / 1_000 }
}

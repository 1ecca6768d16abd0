import Codecs
import Primitives
import RTP

/// What a leg receives: whose packets it takes, their statistics, the jitter buffer and what is decoded from it.
struct Inbound {
  /// Whether the peer's media flows.
  enum Flow: Hashable {
    /// Nothing has come yet; expected since.
    case awaited(since: Instant)
    case flowing(last: Instant)
    /// Reported as inactive.
    case dry
  }

  /// What a payload type was agreed to mean.
  enum Meaning {
    case unknown
    case event
    case noise
    /// Audio in the format of this index in the plan.
    case audio(UInt8)
  }

  /// What a packet of audio was.
  struct LastAudio: Hashable {
    var payloadType: UInt8
    /// Of the RTP clock; 0 if it was broken.
    var ticks: Int
  }

  /// Stands for wherever a peer is whose packets show by themselves that they are its own: where they came from does not
  /// matter then.
  static let authentic = TransportAddress(.loopbackV4, port: 9)

  var source = SourceGuard()
  var stream: ReceiveStream?
  var jitter: JitterBuffer
  var voice: VoiceSource
  var gate = AudibilityGate()
  var keys = TelephoneEventReceiver()
  /// `keys` waits for a time.
  var areKeysPending = false
  var flow: Flow
  /// There is a plan.
  private(set) var isPlanned = false
  /// The plan lets the peer send.
  private(set) var isWanted = false
  /// What each payload type stands for.
  private var meanings = InlineArray<128, Meaning>(repeating: .unknown)
  /// Smallest usual Opus packet, in octets.
  var sizeFloor: Float = 0
  var packetsReceived: UInt64 = 0
  var octetsReceived: UInt64 = 0
  var packetsLate: UInt64 = 0
  var packetsDuplicate: UInt64 = 0
  var packetsRejected: UInt64 = 0
  /// Loss of sources that the peer has given up.
  private var earlierLost: UInt64 = 0
  /// What is to be passed on to the room's other member.
  var relayed = RelayQueue()
  /// Of the last packet of audio.
  var lastAudio: LastAudio?
  private var clockRate: Int

  init(at now: Instant) {
    clockRate = 8_000
    jitter = JitterBuffer(configuration: JitterBuffer.Configuration(clockRate: clockRate))
    voice = VoiceSource()
    flow = .awaited(since: now)
  }

  var packetsLost: UInt64 { earlierLost &+ (stream?.packetsLost ?? 0) }

  /// Media agreed or agreed anew.
  mutating func adopt(_ plan: AudioPlan, at now: Instant) {
    switch plan.security {
    case .none, .sdes: source.expected(plan.remote)
    case .dtls: source.expected(Self.authentic)
    }
    voice.adopt(plan)
    if let format = plan.receive.first?.format, stream == nil { useClock(format.clockRate) }
    isPlanned = true
    isWanted = plan.direction.receives
    if isWanted { flow = .awaited(since: now) }
    meanings = InlineArray(repeating: .unknown)
    if let type = plan.comfortNoise { agree(type, .noise) }
    // The first of two formats with one number counts, and audio before anything else.
    if let type = plan.telephoneEvent?.payloadType { agree(type, .event) }
    for (index, format) in plan.receive.enumerated().reversed() {
      agree(format.payloadType, .audio(UInt8(clamping: index)))
    }
  }

  private mutating func agree(_ type: UInt8, _ meaning: Meaning) {
    if type < 128 { meanings[Int(type)] = meaning }
  }

  /// What a payload type, 0 to 127, was agreed to mean.
  func meaning(of type: UInt8) -> Meaning { meanings[Int(type & 0x7F)] }

  /// A packet came not longer ago than this, in nanoseconds.
  func hasFlowed(within time: Int64, at now: Instant) -> Bool {
    switch flow {
    case .awaited, .dry: false
    case .flowing(let last): now.nanoseconds(since: last) < time
    }
  }

  /// True once when the peer has been silent for so long, in milliseconds; 0 for ever.
  mutating func runsDry(after timeout: Int, at now: Instant) -> Bool {
    guard isWanted, timeout > 0 else { return false }
    let last: Instant
    switch flow {
    case .awaited(let since): last = since
    case .flowing(let since): last = since
    case .dry: return false
    }
    guard now.nanoseconds(since: last) >= Int64(timeout) &* 1_000_000 else { return false }
    flow = .dry
    return true
  }

  /// Counts a packet that has parsed and been admitted; nil if it must not be played.
  mutating func count(_ header: RTPHeader, octets: Int, clockRate: Int, isEvent: Bool, at now: Instant) -> (
    sequence: Int64, timestamp: Int64
  )? {
    if stream?.ssrc != header.ssrc {
      earlierLost &+= stream?.packetsLost ?? 0
      // The guard has already seen that the source is no stray.
      stream = ReceiveStream(ssrc: header.ssrc, minimumSequential: 1)
      jitter.reset()
      voice.restart()
    }
    guard
      let verdict = stream?.receive(header, arrival: now, clockRate: clockRate, measuresJitter: !isEvent)
    else { return nil }
    switch verdict {
    case .accepted(let sequence, let timestamp):
      packetsReceived &+= 1
      octetsReceived &+= UInt64(clamping: octets)
      return (sequence, timestamp)
    case .probation, .rejected:
      packetsRejected &+= 1
      return nil
    }
  }

  /// Puts a packet of audio into the jitter buffer; false if it was there already.
  mutating func insert(
    sequence: Int64, timestamp: Int64, header: RTPHeader, payload: Span<UInt8>, clockRate: Int, at now: Instant
  ) -> Bool {
    useClock(clockRate)
    switch jitter.insert(
      sequence: sequence, timestamp: timestamp, payloadType: header.payloadType, marker: header.marker,
      payload: payload, at: now)
    {
    case .queued, .overflow: return true
    case .late:
      packetsLate &+= 1
      return true
    case .duplicate:
      packetsDuplicate &+= 1
      return false
    }
  }

  /// A stream that goes on in a codec of another clock starts its buffer anew (RFC 7160).
  private mutating func useClock(_ rate: Int) {
    guard rate != clockRate, rate > 0 else { return }
    clockRate = rate
    jitter = JitterBuffer(configuration: JitterBuffer.Configuration(clockRate: rate))
  }
}

import Audio
import Primitives

/// One room of the media plane: its members' legs, what is played, what is recorded, and the mix; RFC 4353's mixer.
///
/// The room has no sockets, clock or files: datagrams, time and commands come in, datagrams, events and file writes go out.
/// One owner calls it; every 20 ms it wants a `tick`.
package struct Room {
  /// Milliseconds between two ticks.
  package static let tickTime: Int64 = 20
  /// Of the members whose level only decoding can tell, so many are decoded at a time.
  static let probes = 4
  /// Ticks for which a listener waits for a pause before it goes from its own encoder to a shared one.
  static let longestPauseWait: Int64 = 3
  /// Ticks between two packets of a shared encoder that stand alone.
  static let standalonePeriod: Int64 = 10
  /// So many ticks late, the timeline jumps to where it should be.
  static let tolerance: Int64 = 5

  package let id: RoomID
  package internal(set) var plan: RoomPlan
  /// What the load allows, for a plan that names no complexity of Opus.
  var affordableComplexity: Int
  var random: RandomSource
  let clock: WallClock
  /// By slot; nil where no leg is.
  var legs: [Leg?] = []
  private(set) var slots: [LegID: Int] = [:]
  private var freeSlots: [Int] = []
  var groups: [EncodingGroup?] = []
  var player = Player()
  var recorders: [Recorder] = []
  var selection: TalkerSelection
  /// What there is to hear in this tick.
  var audible = AudibleRate()
  /// Slots of the legs that are decoded in this tick, by row.
  var decoded: [Int] = []
  /// Slots of the legs that need a look at how they listen, and of those that say goodbye.
  var unsettled: [Int] = []
  var leaving: [Int] = []
  /// Slots of the legs that have answers of ICE or DTLS to send.
  var urgent: [Int] = []
  /// Whether packets are passed on, and a place for the payload of one.
  var relay = Relay.start
  var passed = [UInt8](repeating: 0, count: RelayQueue.maximumPayload)
  /// Nil while no member has video.
  var video: RoomVideo?
  /// What this tick's groups have to send.
  var offers: [Leg.Offer] = []
  let levels = PayloadLevel()
  var rates: RateSwitch
  /// Members or plans have changed, and the rate may have to.
  var isRateStale = true
  /// Members or their audiences have changed, and who hears which aside may have to.
  var isHearingStale = false
  /// The mix of this tick, and in the tick of a rate change the same at the old rate.
  var frame: MixFrame
  var formerFrame: MixFrame
  /// The payloads of this tick.
  var board = PayloadBoard()
  /// Members in the last tick whose level only decoding can tell.
  var unmeasured = 0
  /// Ticks for which nothing was to be heard in the mix.
  var quietTicks: Int64 = 0
  var events = OutputQueue<RoomEvent>()
  var writes = WriteQueue()
  /// Ticks on the room's timeline: 20 ms each, without gaps, by the server's clock.
  package internal(set) var timeline: Int64 = -1
  /// When the timeline began.
  var start: Instant?
  /// A packet that came protected, in plain; no longer ones are taken.
  var packet = [UInt8](repeating: 0, count: 2_048)
  /// Scratch memory, at most 20 ms each.
  var voice = [Int16](repeating: 0, count: MixFrame.stride)
  var output = [Int16](repeating: 0, count: MixFrame.stride)
  var formerOutput = [Int16](repeating: 0, count: MixFrame.stride)
  var privatePlay = [Int32](repeating: 0, count: MixFrame.stride)
  var formerPrivatePlay = [Int32](repeating: 0, count: MixFrame.stride)
  /// Encoder runs of the last tick, for metrics.
  package internal(set) var encodings = 0
  /// Encoders that were made or forked for a listener of its own since the room began, for metrics.
  package internal(set) var forks = 0
  /// Members that were decoded in the last tick, for metrics.
  package internal(set) var decodings = 0

  /// - Parameter complexity: of Opus, as the load allows; `adopt(complexity:)` changes it.
  package init(
    id: RoomID, plan: RoomPlan, random: RandomSource, clock: WallClock = WallClock(),
    complexity: Int = OpusComplexity.usual
  ) {
    self.id = id
    self.plan = plan
    affordableComplexity = complexity
    self.random = random
    self.clock = clock
    rates = .steady(8_000)
    frame = MixFrame(rate: 8_000)
    formerFrame = frame
    selection = TalkerSelection(capacity: max(plan.maximumTalkers, 1))
  }

  /// Whether any leg is left, the leaving ones included.
  package var isEmpty: Bool { slots.isEmpty }

  package mutating func nextEvent() -> RoomEvent? { events.next() }

  /// What the recordings want written; bounded, so take it after each tick.
  package mutating func nextWrite() -> RecordingWrite? { writes.next() }

  /// The slot of a leg, or nil if it is not here.
  package func slot(of leg: LegID) -> Int? { slots[leg] }

  /// Gives a leg a slot.
  mutating func take(_ leg: LegID) -> Int {
    isRateStale = true
    isHearingStale = true
    let slot = freeSlots.popLast() ?? legs.count
    if slot == legs.count { legs.append(nil) }
    slots[leg] = slot
    return slot
  }

  /// Gives a slot back; returns the leg that was there.
  @discardableResult
  mutating func vacate(_ slot: Int) -> Leg? {
    isRateStale = true
    isHearingStale = true
    let leg = legs[slot]
    legs[slot] = nil
    guard let leg else { return nil }
    slots[leg.id] = nil
    freeSlots.append(slot)
    return leg
  }

  /// Takes a datagram that came in on a leg's port.
  package mutating func receive(
    _ datagram: Span<UInt8>, channel: MediaChannel, slot: Int, from address: TransportAddress, at now: Instant
  ) {
    guard legs.indices.contains(slot) else { return }
    let hasAnswer =
      legs[slot]?.take(
        datagram, channel: channel, from: address, scratch: &packet, levels: levels, clock: clock, at: now,
        video: &video, events: &events)
    let hasPacket = !(legs[slot]?.inbound.relayed.isEmpty ?? true)
    if hasAnswer == true || hasPacket, urgent.last != slot { urgent.append(slot) }
  }

  /// Something waits that should not wait for the tick.
  package var isUrgent: Bool { !urgent.isEmpty }

  /// Whether a browser's leg takes media from this address.
  package mutating func admits(
    _ address: TransportAddress, by channel: MediaChannel = .rtp, slot: Int, at now: Instant
  ) -> Bool {
    guard legs.indices.contains(slot) else { return false }
    return legs[slot]?.admits(address, by: channel, at: now) ?? false
  }

  /// A browser's TCP connection from this address has ended.
  package mutating func connectionClosed(_ address: TransportAddress, slot: Int, at now: Instant) {
    guard legs.indices.contains(slot) else { return }
    legs[slot]?.connectionClosed(address, at: now, events: &events)
  }

  /// Sends at once what the last datagrams were answered with (checks of ICE, flights of DTLS), and what is passed on.
  package mutating func sendUrgent(into queue: inout DatagramQueue) {
    for slot in urgent where legs.indices.contains(slot) { legs[slot]?.sendTransport(into: &queue) }
    passPackets(into: &queue)
    urgent.removeAll(keepingCapacity: true)
  }
}

import Codecs
import Primitives
import RTP

/// What a leg sends: the stream's counters, whether the peer may be sent to, digits, and the listener's encoding.
struct Outbound {
  /// How a listener comes by payloads.
  enum Listener {
    /// Nothing is sent: no plan, held, or not proven.
    case absent
    /// With others, from the group of this index.
    case shared(Int)
    /// From a chain of its own, `Outbound.chain`; since which tick it could have gone back to sharing.
    case own(idleSince: Int64)
    /// The packets of the room's other member, as they came.
    case relayed
  }

  var stream: SendStream
  var routability = ReturnRoutability.initial
  /// Where RTP goes: what symmetric RTP learned, else the address in the SDP.
  var destination: TransportAddress?
  /// Of the audio that is sent, as agreed.
  private(set) var payloadType: UInt8 = 0
  private(set) var clockRate = 8_000
  var listener = Listener.absent
  /// `listener` is what the leg's plan, place and wishes ask for; false after each change of these.
  var isArranged = false
  /// The listener's own encoding; beside `listener`, because a chain must be changed in place.
  var chain: EncodingChain?
  var digits = DigitSender()
  var modeRequest = ModeRequest()
  var packetsSent: UInt64 = 0
  var octetsSent: UInt64 = 0
  /// Timestamp of the room's time zero in this stream.
  var timestampAtZero: UInt32
  /// Where the audio sent so far ends.
  var end: UInt32
  /// The last packet was not sent: the next one begins a talk spurt.
  var isPaused = true
  /// Follows the listening gain of a listener with its own encoding, and ducks under what is played to it.
  var gain = GainStep.unity
  /// The other member's packets in this stream, and when the last one came.
  var relay = RelayStream()
  var relayedAt: Instant?
  /// The peer has got the audio up to this timestamp as passed-on packets: nil once encoded ones have taken over.
  var heardUpTo: UInt32?

  init(random: inout RandomSource) {
    stream = SendStream(random: &random)
    timestampAtZero = stream.timestamp
    end = stream.timestamp
  }

  /// Sends as this source; to be called before the first packet.
  mutating func take(_ ssrc: UInt32) {
    stream = SendStream(ssrc: ssrc, sequence: stream.sequence, timestamp: stream.timestamp)
  }

  /// The RTP timestamp of a moment on the room's timeline, in milliseconds.
  func timestamp(at milliseconds: Int64) -> UInt32 {
    timestampAtZero &+ UInt32(truncatingIfNeeded: milliseconds &* Int64(clockRate) / 1_000)
  }

  /// Media agreed or agreed anew.
  mutating func adopt(_ plan: AudioPlan, destination: TransportAddress?) {
    payloadType = plan.send.payloadType
    clockRate = max(plan.send.format.clockRate, 1)
    self.destination = destination
    isArranged = false
  }

  /// Makes another timeline, or another clock, continue this stream where it is: the next tick's packet begins at
  /// `milliseconds`, or earlier by what it has of a packet time.
  mutating func join(timelineAt milliseconds: Int64, packetTime: Int) {
    let start = milliseconds &- milliseconds % Int64(max(packetTime, 1))
    timestampAtZero = end &- UInt32(truncatingIfNeeded: start &* Int64(clockRate) / 1_000)
  }

  /// Nothing is sent for a while: what follows is a new talk spurt.
  mutating func pause() { isPaused = true }

  /// Sends one packet of audio, if the peer may be sent to.
  mutating func send(
    _ packet: EncodingChain.Packet, from board: borrowing PayloadBoard, under security: LegSecurity, leg: LegID,
    slot: Int, at now: Instant, into queue: inout DatagramQueue
  ) {
    if isHeard(packet) { return }
    stream.advance(ticks: timestamp(at: packet.start) &- stream.timestamp)
    end = timestamp(at: packet.start &+ Int64(packet.duration))
    guard packet.count > 0, let destination, routability.maySend(at: now) else {
      isPaused = true
      return
    }
    guard
      let count = queue.append(
        &stream, payloadType: payloadType, marker: isPaused, payload: board.payload(packet), under: security, at: now,
        leg: leg, slot: slot, to: destination)
    else { return }
    isPaused = false
    packetsSent &+= 1
    octetsSent &+= UInt64(count)
  }

  /// Sends one packet of a telephone event, which keeps the timestamp of its start; `milliseconds` is now.
  mutating func send(
    event payload: Span<UInt8>, payloadType: UInt8, marker: Bool, timestamp start: UInt32,
    timelineAt milliseconds: Int64, under security: LegSecurity, leg: LegID, slot: Int, at now: Instant,
    into queue: inout DatagramQueue
  ) {
    stream.advance(ticks: timestamp(at: milliseconds) &- stream.timestamp)
    guard let destination, routability.maySend(at: now) else { return }
    guard
      let count = queue.append(
        &stream, payloadType: payloadType, marker: marker, payload: payload, timestamp: start, under: security,
        at: now, leg: leg, slot: slot, to: destination)
    else { return }
    isPaused = true
    packetsSent &+= 1
    octetsSent &+= UInt64(count)
  }
}

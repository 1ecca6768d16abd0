import Audio
import Codecs
import Primitives
import RTP

extension Leg {
  /// The payloads that a leg may be sent in this tick: those of the groups, by index.
  struct Offer {
    var first: EncodingChain.Packet?
    var second: EncodingChain.Packet?
  }

  /// What the leg can share with others; nil if it must not get audio at all.
  var encodingKey: EncodingKey? {
    guard let plan, plan.direction.sends, standing != .leaving, outbound.destination != nil else { return nil }
    return EncodingKey(
      format: plan.send.format, packetTime: EncodingKey.packetTime(plan.packetTime, for: plan.send.format),
      gain: Int((listeningGain * 100).rounded()), hears: hears, asides: heardAsides,
      isProtected: plan.send.format.codec == .opus && plan.send.format.opus.useInbandFEC && control.protection.isOn,
      modeRequest: outbound.modeRequest.wanted)
  }

  /// The leg hears something that nobody else hears.
  func listensApart(isEcho: Bool) -> Bool {
    if isEcho, standing == .admitted { return true }
    if !player.isIdle || !outbound.digits.tones.isIdle { return true }
    return isInSum && hears == .room
  }

  /// The leg goes on listening as it does: with the others, or not at all.
  mutating func isSettled(isEcho: Bool) -> Bool {
    guard outbound.isArranged else { return false }
    switch outbound.listener {
    case .absent, .relayed: return true
    case .shared: return !listensApart(isEcho: isEcho)
    case .own: return false
    }
  }

  /// Prepares what is played to this member alone.
  mutating func tickPlayers(rates: RateSwitch, events: inout OutputQueue<RoomEvent>) {
    if !player.isIdle { player.tick(rates: rates, events: &events) }
    if !outbound.digits.tones.isIdle { outbound.digits.tick(rates: rates) }
  }

  /// What the leg hears in this tick with an encoder of its own.
  mutating func listening(isEcho: Bool) -> Listening {
    outbound.gain = outbound.gain.followed(by: Decibels.factor(listeningGain), limit: 0.25)
    return Listening(
      hears: isEcho && hears == .room ? .announcements : hears, asides: heardAsides, minus: isInSum ? row : nil,
      gain: outbound.gain, ducking: player.ducking * outbound.digits.tones.ducking)
  }

  /// Adds what is played to this member alone, at the room's rate and at the one that it leaves.
  mutating func mixPlays(rates: RateSwitch, into sums: inout [Int32], former: inout [Int32]) {
    Self.mix(player, rates: rates, into: &sums, former: &former)
    Self.mix(outbound.digits.tones, rates: rates, into: &sums, former: &former)
  }

  private static func mix(
    _ player: borrowing Player, rates: RateSwitch, into sums: inout [Int32], former: inout [Int32]
  ) {
    guard player.isSounding else { return }
    FrameArithmetic.add(player.frame, gain: player.gain, into: &sums, count: rates.rate / 50)
    guard let rate = rates.former else { return }
    FrameArithmetic.add(player.former, gain: player.gain, into: &former, count: rate / 50)
  }

  /// Phase two: sends the leg what it is to get in this tick.
  mutating func serve(
    _ offers: [Offer], from board: borrowing PayloadBoard, timeline: Int64, clock: WallClock, at now: Instant,
    into queue: inout DatagramQueue
  ) {
    sendTransport(into: &queue)
    if control.isDue(at: now) { sendControl(clock: clock, at: now, into: &queue) }
    if !outbound.digits.isSilent, sendKey(timeline: timeline, at: now, into: &queue) { return }
    switch outbound.listener {
    case .absent, .relayed: return
    case .shared(let index):
      guard index < offers.count else { return }
      send(offers[index].first, from: board, at: now, into: &queue)
      send(offers[index].second, from: board, at: now, into: &queue)
    case .own:
      send(outbound.chain?.first, from: board, at: now, into: &queue)
      send(outbound.chain?.second, from: board, at: now, into: &queue)
    }
  }

  private mutating func send(
    _ packet: EncodingChain.Packet?, from board: borrowing PayloadBoard, at now: Instant,
    into queue: inout DatagramQueue
  ) {
    guard let packet else { return }
    outbound.send(packet, from: board, under: security, leg: id, slot: slot, at: now, into: &queue)
  }

  /// Sends a packet of a telephone event if one is on: true if audio is to be left out.
  private mutating func sendKey(timeline: Int64, at now: Instant, into queue: inout DatagramQueue) -> Bool {
    guard let event = plan?.telephoneEvent else { return false }
    let milliseconds = timeline &* Room.tickTime
    guard let packet = outbound.digits.next(timestamp: outbound.timestamp(at: milliseconds)) else { return false }
    var payload = InlineArray<4, UInt8>(repeating: 0)
    do {
      var span = payload.mutableSpan
      _ = packet.payload.write(into: &span)
    }
    outbound.send(
      event: payload.span, payloadType: event.payloadType, marker: packet.marker, timestamp: packet.timestamp,
      timelineAt: milliseconds, under: security, leg: id, slot: slot, at: now, into: &queue)
    return true
  }
}

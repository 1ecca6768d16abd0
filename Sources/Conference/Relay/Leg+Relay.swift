import Codecs
import Primitives
import RTP

extension Leg {
  /// Nothing is asked of the room that only mixing can do: the member is heard as it is, and hears the other as it is.
  private var isPlainlyHeard: Bool {
    guard let plan, plan.direction == .sendReceive, outbound.destination != nil, !analysis.detectsTones else {
      return false
    }
    return standing == .admitted && restrictions.isEmpty && reach.isPlain && asides.isEmpty && hearsUnchanged
      && talkingGain == 1 && player.isIdle
      && outbound.digits.isSilent && outbound.digits.tones.isIdle
  }

  /// What the leg asks of packets that are passed on to it; nil if it must not get any.
  mutating func relayListener() -> RelayListener? {
    guard isPlainlyHeard, let plan else { return nil }
    let format = plan.send.format
    // Copies against loss are the room's own encoder's affair.
    if format.codec == .opus, format.opus.useInbandFEC, control.protection.isOn { return nil }
    let time = EncodingKey.packetTime(plan.packetTime, for: format)
    return RelayListener(
      format: format, ticks: time * format.clockRate / 1_000, takesNoise: plan.comfortNoise != nil)
  }

  /// The payload type whose packets this listener can take as they are; nil if they have to be mixed.
  mutating func relayedType(to listener: RelayListener) -> UInt8? {
    guard let plan, !inbound.relayed.isForeign || !inbound.relayed.isOpen else { return nil }
    if plan.comfortNoise != nil, !listener.takesNoise { return nil }
    let last = inbound.lastAudio
    guard
      let found = plan.receive.first(where: {
        $0.format.relays(to: listener.format) && $0.payloadType == last?.payloadType ?? $0.payloadType
      })
    else { return nil }
    guard let last, !found.format.isDivisible else { return found.payloadType }
    return last.ticks == listener.ticks ? found.payloadType : nil
  }

  /// The leg's packets may soon be passed on: the voice goes back to its own level, and what has not been played is kept.
  mutating func prepareRelay(payloadType: UInt8) {
    analysis.isLevelled = false
    inbound.relayed.renew()
    inbound.relayed.hold(payloadType: payloadType)
    inbound.relayed.forget(before: playHead)
  }

  /// There is more to do than to pass packets on.
  mutating func forgoRelay() {
    analysis.isLevelled = true
    inbound.relayed.close()
  }

  /// The packets kept go on where the voice has been played to, and the member has got all that was mixed for it.
  mutating func canTakeOver(_ format: CodecFormat, timeline: Int64) -> Bool {
    guard outbound.isServed(until: timeline), presence == .silence || (presence == .unity && analysis.isUnchanged),
      inbound.jitter.delayAdvice == .keep
    else { return false }
    guard let playHead else { return true }
    return inbound.relayed.place(of: playHead, as: format) != nil
  }

  /// The leg's packets are passed on, and it gets those of the other.
  ///
  /// - Parameter keepsPackets: what came and was not played yet is passed on.
  mutating func beginRelay(payloadType: UInt8, as format: CodecFormat, keepsPackets: Bool) {
    inbound.relayed.open(payloadType: payloadType, from: keepsPackets ? playHead : nil, as: format)
    // Passed on, the voice is as it came; so it is mixed at first when that ends.
    analysis.forgetGain()
    outbound.beginRelay()
  }

  /// The room mixes again; `head` is the other's timestamp of what the tick that begins will play.
  mutating func endRelay(head: UInt32?, timeline: Int64, at now: Instant) {
    forgoRelay()
    guard case .relayed = outbound.listener else { return }
    outbound.endRelay(head: head, timeline: timeline, at: now)
  }

  /// The timestamp, as it came, of what the tick that begins will play.
  var playHead: UInt32? {
    inbound.jitter.playHead.map { UInt32(truncatingIfNeeded: $0 &- inbound.voice.waitingTicks) }
  }

  /// Takes a packet of the other member.
  mutating func pass(
    _ packet: RelayQueue.Packet, _ payload: Span<UInt8>, timeline: Int64, into queue: inout DatagramQueue
  ) {
    guard case .relayed = outbound.listener, let plan else { return }
    let format = plan.send.format
    let time = EncodingKey.packetTime(plan.packetTime, for: format)
    let listener = RelayListener(
      format: format, ticks: time * format.clockRate / 1_000, takesNoise: plan.comfortNoise != nil)
    outbound.pass(
      packet, payload,
      Outbound.RelayRoute(
        listener: listener, noiseType: plan.comfortNoise ?? ComfortNoisePayload.payloadType, timeline: timeline,
        leg: id, slot: slot),
      under: security, into: &queue)
  }

  /// Lays a packet of audio or noise ready for the other member.
  mutating func passOn(
    _ header: RTPHeader, sequence: Int64, payload: Span<UInt8>, format: CodecFormat?, at now: Instant
  ) {
    var ticks = 0
    if let format {
      ticks = AudioDecoder.packetDuration(format, payload: payload) ?? 0
      inbound.lastAudio = Inbound.LastAudio(payloadType: header.payloadType, ticks: ticks)
      // A broken packet is nothing that the other could use; it stays a loss.
      if ticks == 0 { return }
    }
    guard inbound.relayed.isTaking else { return }
    if format != nil, header.payloadType != inbound.relayed.payloadType { return inbound.relayed.refuse() }
    inbound.relayed.append(
      RelayQueue.Packet(
        content: format == nil ? .noise : .audio, ssrc: header.ssrc, sequence: sequence, timestamp: header.timestamp,
        marker: header.marker, ticks: ticks, arrival: now, offset: 0, count: 0),
      payload: payload)
  }

  /// Notes that a telephone event took a number.
  mutating func passEvent(_ header: RTPHeader, sequence: Int64, at now: Instant) {
    guard inbound.relayed.isTaking else { return }
    inbound.relayed.append(
      RelayQueue.Packet(
        content: .event, ssrc: header.ssrc, sequence: sequence, timestamp: header.timestamp, marker: false, ticks: 0,
        arrival: now, offset: 0, count: 0),
      payload: Span())
  }
}

import Codecs
import Primitives
import RTP

extension Room {
  /// A leg that could be passed on, and what it sends.
  private struct RelayEnd {
    var slot: Int
    var payloadType: UInt8
    var format: CodecFormat
  }

  /// Two legs that could be passed on to each other.
  private struct RelayPair {
    var first: RelayEnd
    var second: RelayEnd

    /// Ticks of talk after which no pause is waited for; nil for ever.
    var patience: Int? {
      guard let first = first.format.codec.relayPatience, let second = second.format.codec.relayPatience else {
        return nil
      }
      return max(first, second)
    }
  }

  /// Before a tick: begins or ends to pass packets on.
  mutating func followRelay(at now: Instant, into queue: inout DatagramQueue) {
    switch relay {
    case .passing(let first, let second):
      legs[first]?.inbound.relayed.renew()
      legs[second]?.inbound.relayed.renew()
      if let pair = relayPair(), pair.first.slot == first, pair.second.slot == second, isRelayed(first),
        isRelayed(second)
      {
        return
      }
      endRelay(first, second, at: now)
    case .mixing:
      let pair = relayPair()
      let isQuiet = pair.map { isSilent($0.first.slot) && isSilent($0.second.slot) } ?? false
      let wasWaiting = relay.isWaiting
      let chance = relay.waits(isPossible: pair != nil, isQuiet: isQuiet, patience: pair?.patience)
      guard let pair, relay.isWaiting else {
        if wasWaiting { for slot in legs.indices { legs[slot]?.forgoRelay() } }
        return
      }
      prepare(pair.first)
      prepare(pair.second)
      switch chance {
      case .none: return
      case .pause: begin(pair, keepsPackets: false)
      case .talk:
        guard isInStep(pair.first), isInStep(pair.second) else { return }
        begin(pair, keepsPackets: true)
        passPackets(into: &queue)
      }
    }
  }

  private mutating func prepare(_ end: RelayEnd) { legs[end.slot]?.prepareRelay(payloadType: end.payloadType) }

  /// Packets can take over in this tick, so that what is heard goes on, and what is sent.
  private mutating func isInStep(_ end: RelayEnd) -> Bool {
    legs[end.slot]?.canTakeOver(end.format, timeline: timeline) ?? false
  }

  /// - Parameter keepsPackets: what came and was not played yet is passed on.
  private mutating func begin(_ pair: RelayPair, keepsPackets: Bool) {
    for end in [pair.first, pair.second] {
      let isPaused = legs[end.slot]?.outbound.isPaused ?? true
      release(end.slot)
      legs[end.slot]?.beginRelay(payloadType: end.payloadType, as: end.format, keepsPackets: keepsPackets)
      // The talk spurt goes on.
      if keepsPackets { legs[end.slot]?.outbound.isPaused = isPaused }
    }
    relay = .passing(first: pair.first.slot, second: pair.second.slot)
  }

  private func isRelayed(_ slot: Int) -> Bool {
    if case .relayed? = legs[slot]?.outbound.listener { true } else { false }
  }

  /// Nothing is to be heard of the member. A steady tone is no talk, and yet nothing of it may be missing.
  private func isSilent(_ slot: Int) -> Bool {
    guard let analysis = legs[slot]?.analysis else { return true }
    return !analysis.isTalking && analysis.level < Relay.quietness
  }

  private mutating func endRelay(_ first: Int, _ second: Int, at now: Instant) {
    let heads = (legs[first]?.playHead, legs[second]?.playHead)
    legs[first]?.endRelay(head: heads.1, timeline: timeline, at: now)
    legs[second]?.endRelay(head: heads.0, timeline: timeline, at: now)
    relay = .mixing(possible: -Relay.cooling, quiet: 0)
  }

  /// The two members of a room in which nothing needs a mix; nil if there is more to do than to pass packets on.
  private mutating func relayPair() -> RelayPair? {
    guard plan.relays, plan.kind == .conference, recorders.isEmpty, player.isIdle else { return nil }
    var first: Int?
    var second: Int?
    for slot in legs.indices where legs[slot] != nil {
      if first == nil {
        first = slot
      } else if second == nil {
        second = slot
      } else {
        return nil
      }
    }
    guard let first, let second, let toFirst = legs[first]?.relayListener(),
      let toSecond = legs[second]?.relayListener(), let firstType = legs[first]?.relayedType(to: toSecond),
      let secondType = legs[second]?.relayedType(to: toFirst)
    else { return nil }
    return RelayPair(
      first: RelayEnd(slot: first, payloadType: firstType, format: toSecond.format),
      second: RelayEnd(slot: second, payloadType: secondType, format: toFirst.format))
  }

  /// Sends what has come for the other member.
  mutating func passPackets(into queue: inout DatagramQueue) {
    guard case .passing(let first, let second) = relay else { return }
    Self.pass(&legs, from: first, to: second, by: &passed, timeline: timeline, into: &queue)
    Self.pass(&legs, from: second, to: first, by: &passed, timeline: timeline, into: &queue)
  }

  /// The parts come one by one, so that each can be reached where it lies.
  private static func pass(
    _ legs: inout [Leg?], from talker: Int, to listener: Int, by payload: inout [UInt8], timeline: Int64,
    into queue: inout DatagramQueue
  ) {
    guard let count = legs[talker]?.inbound.relayed.packets.count, count > 0 else { return }
    for index in 0..<count {
      guard let packet = legs[talker]?.inbound.relayed.packets[index] else { return }
      legs[talker]?.inbound.relayed.copy(packet, into: &payload)
      legs[listener]?.pass(packet, payload.span.extracting(first: packet.count), timeline: timeline, into: &queue)
    }
    legs[talker]?.inbound.relayed.removeAll()
  }

  /// Listeners who come from passed-on packets get such as need none before them.
  mutating func settleListeners() {
    guard relay.isSettling else { return }
    for slot in legs.indices where legs[slot]?.outbound.heardUpTo != nil {
      switch legs[slot]?.outbound.listener {
      case nil, .absent, .relayed: break
      case .own: legs[slot]?.outbound.chain?.standsAlone = true
      case .shared(let index): if groups.indices.contains(index) { groups[index]?.chain.standsAlone = true }
      }
    }
  }
}

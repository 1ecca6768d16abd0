import Codecs
import Primitives
import RTP

extension Room {
  /// Two legs that could be passed on to each other, and the payload types that each sends.
  private struct RelayPair {
    var first: Int
    var second: Int
    var firstType: UInt8
    var secondType: UInt8
  }

  /// Before a tick: begins or ends to pass packets on.
  mutating func followRelay(at now: Instant) {
    switch relay {
    case .passing(let first, let second):
      legs[first]?.inbound.relayed.renew()
      legs[second]?.inbound.relayed.renew()
      if let pair = relayPair(), pair.first == first, pair.second == second, isRelayed(first), isRelayed(second) {
        return
      }
      endRelay(first, second, at: now)
    case .mixing:
      guard plan.relays else { return }
      let pair = relayPair()
      let isQuiet = pair.map { !isTalking($0.first) && !isTalking($0.second) } ?? false
      guard relay.waits(isPossible: pair != nil, isQuiet: isQuiet), let pair else { return }
      release(pair.first)
      release(pair.second)
      legs[pair.first]?.beginRelay(payloadType: pair.firstType)
      legs[pair.second]?.beginRelay(payloadType: pair.secondType)
      relay = .passing(first: pair.first, second: pair.second)
    }
  }

  private func isRelayed(_ slot: Int) -> Bool {
    if case .relayed? = legs[slot]?.outbound.listener { true } else { false }
  }

  private func isTalking(_ slot: Int) -> Bool { legs[slot]?.analysis.isTalking ?? false }

  private mutating func endRelay(_ first: Int, _ second: Int, at now: Instant) {
    let heads = (legs[first]?.playHead, legs[second]?.playHead)
    legs[first]?.endRelay(head: heads.1, timeline: timeline, at: now)
    legs[second]?.endRelay(head: heads.0, timeline: timeline, at: now)
    relay = .mixing(pause: -Relay.cooling)
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
    return RelayPair(first: first, second: second, firstType: firstType, secondType: secondType)
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

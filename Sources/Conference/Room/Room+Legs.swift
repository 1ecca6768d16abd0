import Codecs
import Primitives

extension Room {
  /// Makes a leg, with `access` a browser's; returns its slot, which stays the leg's for its life in the room.
  @discardableResult
  package mutating func addLeg(_ leg: LegID, access: WebRTCAccess? = nil, at now: Instant) -> Int {
    if let slot = slot(of: leg) { return slot }
    let slot = take(leg)
    legs[slot] = Leg(id: leg, slot: slot, access: access, random: &random, at: now)
    return slot
  }

  /// Takes a leg out for another room, with its stream, its statistics and its listener's encoder. Its plays end.
  package mutating func extractLeg(_ leg: LegID, at now: Instant) -> Leg? {
    guard let slot = slot(of: leg), legs[slot]?.standing != .leaving else { return nil }
    individualise(slot)
    legs[slot]?.player.cancel(because: .memberLeft, events: &events)
    closeTrack(of: leg, slot: slot)
    leaveVideo(slot, at: now)
    var taken = vacate(slot)
    taken?.depart()
    return taken
  }

  /// Takes in a leg from another room: admitted if it was so there, its stream goes on where it was. Returns its slot.
  @discardableResult
  package mutating func insertLeg(_ leg: Leg, at now: Instant) -> Int {
    let slot = take(leg.id)
    var leg = leg
    leg.slot = slot
    if let key = leg.encodingKey {
      leg.outbound.join(timelineAt: (timeline + 1) * Self.tickTime, packetTime: key.packetTime)
    }
    if leg.outbound.chain != nil { leg.outbound.listener = .own(idleSince: timeline) }
    leg.outbound.chain?.encoder.set(complexity: encoderSettings.complexity)
    legs[slot] = leg
    enterVideo(slot, at: now)
    return slot
  }

  /// Ends everything: goodbyes go out with the next tick.
  package mutating func close(at now: Instant) {
    player.cancel(because: .roomClosed, events: &events)
    for recording in recorders.map(\.plan.id) { stopRecording(recording) }
    for slot in legs.indices where legs[slot] != nil { leave(slot, because: .roomClosed, at: now) }
  }

  /// The leg says goodbye in the next tick and is gone.
  mutating func leave(_ slot: Int, because end: PlayEnd, at now: Instant) {
    guard legs[slot]?.standing != .leaving else { return }
    leaveVideo(slot, at: now)
    legs[slot]?.player.cancel(because: end, events: &events)
    if let leg = legs[slot]?.id { closeTrack(of: leg, slot: slot) }
    legs[slot]?.leave()
    leaving.append(slot)
    isRateStale = true
    release(slot)
  }
}

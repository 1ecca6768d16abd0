import Primitives
import RTP

extension Room {
  /// A member takes part in video from now on, or has agreed on something else.
  mutating func enterVideo(_ slot: Int, at now: Instant) {
    guard legs[slot]?.standing == .admitted, let leg = legs[slot]?.id, var state = legs[slot]?.video else { return }
    if video == nil {
      let ssrc = UInt32(truncatingIfNeeded: random.next())
      video = RoomVideo(ssrc: ssrc, random: .seeded(random.next()), at: now)
    }
    video?.adopt(leg, &state, at: now)
    legs[slot]?.video = state
  }

  /// A member takes part in video no more.
  mutating func leaveVideo(_ slot: Int, at now: Instant) {
    guard let leg = legs[slot]?.id, var state = legs[slot]?.video else { return }
    video?.remove(leg, &state, at: now)
    legs[slot]?.video = state
    legs[slot]?.outbound.stream.contributor = 0
    // A room without members who have video keeps nothing of it.
    if video?.members.isEmpty ?? false { video = nil }
  }

  /// Packets of pictures, or requests for them, wait to be sent.
  package var hasVideo: Bool { video?.isPending ?? false }

  /// Sends what the last datagrams have brought of pictures.
  package mutating func sendVideo(at now: Instant, into queue: inout DatagramQueue) {
    video?.drain(to: &legs, slots: slots, at: now, into: &queue)
  }

  /// What is due of video in every tick.
  mutating func tickVideo(at now: Instant, into queue: inout DatagramQueue) {
    guard video != nil else { return }
    for slot in legs.indices {
      guard let state = legs[slot]?.videoState() else { continue }
      video?.note(state.leg, bitrate: state.bitrate, isTalking: state.isTalking, at: now)
    }
    video?.film(recorders.contains { $0.plan.video }, at: now)
    video?.tick(at: now)
    probeVideo(at: now)
    let speaker = video?.speakerNumber ?? 0
    for slot in legs.indices where legs[slot]?.video != nil { legs[slot]?.outbound.stream.contributor = speaker }
    for slot in legs.indices { legs[slot]?.reportVideo(room: &video, clock: clock, at: now, into: &queue) }
    sendVideo(at: now, into: &queue)
  }

  /// Looks for more room on the ways on which less goes than would be shown.
  private mutating func probeVideo(at now: Instant) {
    for member in video?.members ?? [] where member.wanted > member.bitrate {
      guard video?.forwarder.canProbe(member.leg) ?? false, let slot = slots[member.leg],
        let packets = legs[slot]?.video?.probe(for: member.wanted, at: now)
      else { continue }
      video?.forwarder.probe(member.leg, packets: packets, at: now)
    }
  }
}

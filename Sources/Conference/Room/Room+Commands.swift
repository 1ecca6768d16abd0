import Codecs
import Primitives

extension Room {
  /// Carries out a command; commands about what is not here are passed over.
  package mutating func apply(_ command: RoomCommand, at now: Instant) {
    switch command {
    case .setPlan(let plan): adopt(plan)
    case .setLegPlan(let leg, let plan): with(leg) { room, slot in room.adopt(plan, slot: slot, at: now) }
    case .admit(let leg):
      with(leg) { room, slot in
        room.legs[slot]?.admit()
        room.enterVideo(slot, at: now)
      }
    case .removeLeg(let leg): with(leg) { room, slot in room.leave(slot, because: .memberLeft, at: now) }
    case .setMuted(let leg, let isOn): restrict(leg, .muted, isOn)
    case .setDeaf(let leg, let isOn): restrict(leg, .deaf, isOn)
    case .setVoice(let leg, let audience):
      with(leg) { room, slot in
        room.legs[slot]?.setVoice(audience)
        room.isHearingStale = true
      }
    case .setWithdrawn(let leg, let isOn): restrict(leg, .withdrawn, isOn)
    case .setMasked(let leg, let isOn): with(leg) { room, slot in room.legs[slot]?.setMasked(isOn) }
    case .setListeningGain(let leg, let gain):
      with(leg) { room, slot in room.legs[slot]?.setListeningGain(gain) }
    case .setTalkingGain(let leg, let gain):
      with(leg) { room, slot in room.legs[slot]?.talkingGain = Decibels.factor(gain) }
    case .play(let play): enqueue(play)
    case .stopPlay(let play): stop(play)
    case .stopPlays(.everyone): player.stopAll(because: .stopped, events: &events)
    case .stopPlays(.member(let leg)):
      with(leg) { room, slot in room.legs[slot]?.player.stopAll(because: .stopped, events: &room.events) }
    case .sendDigits(let leg, let digits):
      with(leg) { room, slot in
        let plan = room.legs[slot]?.plan?.telephoneEvent
        room.legs[slot]?.outbound.digits.send(digits, plan: plan)
      }
    case .startRecording(let recording): startRecording(recording)
    case .pauseRecording(let recording): pauseRecording(recording, true)
    case .resumeRecording(let recording): pauseRecording(recording, false)
    case .stopRecording(let recording): stopRecording(recording)
    case .reportStatistics: events.append(.statistics(legs.compactMap { $0?.statistics }))
    }
  }

  private mutating func with(_ leg: LegID, _ body: (inout Room, Int) -> Void) {
    guard let slot = slot(of: leg), legs[slot]?.standing != .leaving else { return }
    body(&self, slot)
  }

  private mutating func restrict(_ leg: LegID, _ restriction: Restrictions, _ isOn: Bool) {
    with(leg) { room, slot in room.legs[slot]?.restrict(restriction, isOn) }
  }

  private mutating func adopt(_ plan: RoomPlan) {
    let former = encoderSettings.complexity
    self.plan = plan
    isRateStale = true
    if encoderSettings.complexity != former { setComplexity() }
  }

  private mutating func adopt(_ plan: LegPlan, slot: Int, at now: Instant) {
    let former = legs[slot]?.plan
    legs[slot]?.adopt(plan, at: now, events: &events)
    enterVideo(slot, at: now)
    isRateStale = true
    let format = plan.audio.send.format
    if former?.send.format != format || former?.packetTime != plan.audio.packetTime { release(slot) }
    if let former, former.send.format.clockRate != format.clockRate {
      let packetTime = EncodingKey.packetTime(plan.audio.packetTime, for: format)
      legs[slot]?.outbound.join(timelineAt: (timeline + 1) * Self.tickTime, packetTime: packetTime)
    }
  }

  private mutating func enqueue(_ play: PlayPlan) {
    switch play.audience {
    case .everyone: player.enqueue(play, events: &events)
    case .member(let leg):
      guard let slot = slot(of: leg), legs[slot]?.standing != .leaving else {
        return events.append(.playEnded(play.id, .memberLeft))
      }
      legs[slot]?.player.enqueue(play, events: &events)
    }
  }

  private mutating func stop(_ play: PlayID) {
    player.stop(play, because: .stopped, events: &events)
    for slot in legs.indices where legs[slot]?.player.contains(play) ?? false {
      legs[slot]?.player.stop(play, because: .stopped, events: &events)
    }
  }
}

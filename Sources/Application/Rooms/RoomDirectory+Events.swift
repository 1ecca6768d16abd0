import Conference
import Logging
import Primitives

/// What the media plane tells, and what follows from it.
extension RoomDirectory {
  /// Consumes the media plane's events until it ends. Run once, as a task.
  package func followMedia() async {
    for await (room, event) in media.events { await handle(event, in: room) }
    for closing in closings.values { await closing.value }
  }

  func handle(_ event: RoomEvent, in id: RoomID) async {
    switch event {
    case .mediaStarted, .playStarted: break
    case .statistics(let measurements): note(measurements, in: id)
    case .talking(let leg, let talking):
      guard rooms[id]?[leg] != nil else { return }
      rooms[id]?[leg]?.isTalking = talking
      if let room = rooms[id], let member = room[leg] {
        await tellArchive(of: .talking(leg, talking), in: id)
        await hub.emit("talker", self.event(room, member, ["talking": "\(talking)"]))
      }
    case .digit(let leg, let digit, _): await self.digit(leg, digit)
    case .playEnded(let play, let end):
      rooms[id]?.solitude?.removeAll { $0 == play }
      await playEnded(play, end, in: id)
    case .mediaInactive(let leg):
      if let room = rooms[id], let member = room[leg] {
        await hub.emit("alert", self.event(room, member, ["reason": "media-timeout"]))
        if !member.isHeld { await calls?.hangUp(leg, cause: "media-timeout") }
      }
    case .legConnected(let leg):
      rooms[id]?[leg]?.loss = nil
    case .mediaResumed(let leg), .mediaEnded(let leg):
      logger.debug("media changed", metadata: ["leg": "\(leg.rawValue)"])
    case .legFailed(let leg, let failure):
      if let room = rooms[id], let member = room[leg] {
        await hub.emit("alert", self.event(room, member, ["reason": "media-failed", "detail": failure.description]))
      }
      if failure == .consentLost {
        keepSeat(of: leg)
      } else {
        await calls?.hangUp(leg, cause: "media-failed")
      }
    case .sampleRateChanged(let rate): rooms[id]?.sampleRate = rate
    case .recordingStarted(let recording):
      await archive.started(recording)
      await hub.emit("recording", recordingEvent(recording, "started", in: id))
    case .recordingPaused(let recording, let paused):
      await archive.paused(recording, paused)
      await hub.emit("recording", recordingEvent(recording, paused ? "paused" : "resumed", in: id))
    case .recordingEnded(let recording, let files):
      if rooms[id]?.recording?.id == recording { rooms[id]?.recording = nil }
      // Told when it can be found; meanwhile no other event waits for the disk.
      let event = recordingEvent(recording, "finished", in: id)
      closings[recording] = Task {
        await archive.ended(recording, files: files)
        await hub.emit("recording", event)
        closings[recording] = nil
      }
    case .recordingFailed(let recording, let reason, let ended):
      if ended, rooms[id]?.recording?.id == recording { rooms[id]?.recording = nil }
      await archive.failed(recording, reason: reason, ended: ended)
      await hub.emit("alert", recordingEvent(recording, "failed", in: id).merging(["reason": reason]) { $1 })
    case .legClosed(let statistics):
      await archive.measured(statistics)
      logger.info(
        "leg closed",
        metadata: [
          "leg": "\(statistics.leg.rawValue)", "received": "\(statistics.packetsReceived)",
          "sent": "\(statistics.packetsSent)", "lost": "\(statistics.packetsLost)",
        ])
    }
  }

  /// A network may come back, or the browser may restart ICE from another one: the call ends only if neither happens.
  private func keepSeat(of leg: LegID) {
    guard let id = places[leg] else { return }
    let loss = identifier()
    rooms[id]?[leg]?.loss = loss
    let grace = settings.lostGrace
    Task { [weak self] in
      try? await Task.sleep(for: .seconds(grace))
      await self?.giveUpSeat(of: leg, after: loss)
    }
  }

  /// Who has come back, and is lost again since, has a time of its own.
  func giveUpSeat(of leg: LegID, after loss: UInt64) async {
    guard let id = places[leg], rooms[id]?[leg]?.loss == loss else { return }
    await calls?.hangUp(leg, cause: "media-failed")
  }

  func recordingEvent(_ recording: RecordingID, _ state: String, in id: RoomID) -> [String: String] {
    var values = ["recording": recording.rawValue, "state": state]
    if let room = rooms[id] { values["room"] = room.name }
    return values
  }

  // MARK: Recording

  @discardableResult
  func startRecording(
    in id: RoomID, format: RecordingFormat, tracks: Bool, video: Bool = false, as name: String? = nil,
    of members: [Member]? = nil, context more: [String: String] = [:]
  ) async -> RecordingID? {
    guard let room = rooms[id], room.recording == nil else { return rooms[id]?.recording?.id }
    // The room is marked before anything waits, so that two admissions cannot start two recordings.
    let context = room.members.reduce(into: more) { all, member in
      all.merge(member.context.values) { first, _ in first }
    }
    let parties = members ?? room.inside
    rooms[id]?.recording = .starting
    let plan = await archive.plan(
      room: name ?? room.name, format: format, tracks: tracks, sampleRate: 16_000,
      parties: parties.map { ($0.leg, $0.uri) }, notices: parties.compactMap(\.heardNotice),
      whispers: room.settings.recordsWhispers, video: video, context: context)
    guard rooms[id]?.recording == .starting else {
      await archive.failed(plan.id, reason: "the room ended first", ended: true)
      return nil
    }
    rooms[id]?.recording = .running(plan.id)
    media.post(.startRecording(plan), to: id)
    for member in room.inside where member.isMasked { await archive.masked(plan.id, party: member.uri, true) }
    return plan.id
  }

  // MARK: Keys

  package func digit(_ leg: LegID, _ digit: DTMFDigit) async {
    guard let id = places[leg], let room = rooms[id], let member = room[leg] else { return }
    let now = clock.now
    switch member.stage {
    case .entering: pumpEntry(leg, in: id) { $0.digit(digit, at: now) }
    case .flowing: await pumpFlow(leg, in: id) { $0.digit(digit, at: now) }
    case .inside where room.purpose == .conference:
      mark(.key(leg), in: id)
      rooms[id]?[leg]?.keyMenu = .room
      // What is keyed in under a mask is a secret, and no command.
      if member.mask == .others || (member.mask == .own && digit != .pound) { return }
      if let key = RoomKey(digit, in: member.keyMenu, role: member.role) { await press(key, member: member, in: room) }
    case .connecting, .greeting, .inside, .leaving: break
    }
  }

  private func press(_ key: RoomKey, member: Member, in room: HostedRoom) async {
    let leg = member.leg
    switch key {
    case .toggleMute:
      setMuted(leg, !member.isMuted, in: room.id)
      tell(member.isMuted ? "unmuted" : "muted", member, in: room.id)
    case .listeningGain(let step): setListeningGain(leg, member.listeningGain + step, in: room.id)
    case .talkingGain(let step): setTalkingGain(leg, member.talkingGain + step, in: room.id)
    case .leave:
      playToMember(["goodbye"], leg: leg, in: room.id) { .leaving($0) }
    case .help: tell(member.role == .moderator ? "keys-help-moderator" : "keys-help", member, in: room.id)
    case .toggleLock:
      rooms[room.id]?.isLocked = !room.isLocked
      if let clip = settings.prompts.clip(room.isLocked ? "unlocked" : "locked", language: member.language) {
        play([clip], to: .everyone, in: room.id)
      }
    case .removeLast:
      guard let last = room.inside.last(where: { $0.leg != leg }) else { return }
      playToMember(["removed"], leg: last.leg, in: room.id) { .leaving($0) }
    case .bringInSpecialist:
      guard let specialist = room.settings.specialist, let calls else {
        tell("specialist-unavailable", member, in: room.id)
        return
      }
      tell("now-joining-specialist", member, in: room.id)
      let request = DialRequest(uri: specialist, room: room.name, brought: member.context)
      do { _ = try await calls.dial(request) } catch {
        logger.warning("specialist not dialled", metadata: ["room": "\(room.name)", "reason": "\(error.detail)"])
        tell("specialist-unavailable", member, in: room.id)
      }
    case .toggleMask:
      if member.role == .agent { return await toggleCustomerMasks(by: member, in: room) }
      await setMask(leg, member.isMasked ? .none : .own, in: room.id)
      tell(member.isMasked ? "unmasked" : "masked", member, in: room.id)
    case .openRecordingMenu:
      rooms[room.id]?[leg]?.keyMenu = .recording
      tell("recording-keys", member, in: room.id)
    case .openSupervisionMenu: rooms[room.id]?[leg]?.keyMenu = .supervision
    case .supervise(let mode):
      guard !room.isWithdrawn(member), mode != .whisper || room.hasPlaceForWhisper(of: leg) else { return }
      await supervise(leg, mode, in: room.id)
      // No words: they would come between it and what it listens to.
      play([settings.tones.joined], to: .member(leg), in: room.id)
    case .toggleRecording:
      if let recording = room.recording?.id {
        change(recording: recording, .stop, in: room)
      } else if await startRecording(
        in: room.id, format: room.settings.recordingFormat, tracks: room.settings.recordingTracks,
        video: room.settings.recordingVideo) != nil
      {
        giveNotice(in: room)
      }
    case .toggleRecordingPause:
      switch room.recording {
      case .running(let recording): change(recording: recording, .pause, in: room)
      case .paused(let recording): change(recording: recording, .resume, in: room)
      case .starting, nil: break
      }
    }
  }

  func tell(_ prompt: String, _ member: Member, in id: RoomID) {
    guard let clip = settings.prompts.clip(prompt, language: member.language) else { return }
    play([clip], to: .member(member.leg), in: id)
  }

  func setMuted(_ leg: LegID, _ muted: Bool, in id: RoomID) {
    rooms[id]?[leg]?.isMuted = muted
    media.post(.setMuted(leg, muted), to: id)
  }

  func setListeningGain(_ leg: LegID, _ gain: Double, in id: RoomID) {
    let gain = min(max(gain, RoomKey.gainRange.lowerBound), RoomKey.gainRange.upperBound)
    rooms[id]?[leg]?.listeningGain = gain
    media.post(.setListeningGain(leg, gain), to: id)
  }

  func setTalkingGain(_ leg: LegID, _ gain: Double, in id: RoomID) {
    let gain = min(max(gain, RoomKey.gainRange.lowerBound), RoomKey.gainRange.upperBound)
    rooms[id]?[leg]?.talkingGain = gain
    media.post(.setTalkingGain(leg, gain), to: id)
  }
}

import Audio
import Conference
import Primitives

/// The way from the answered call into the room: PIN, greeting, notices, admission.
extension RoomDirectory {
  func needsPIN(_ member: Member, in room: HostedRoom) -> Bool {
    room.settings.pin != nil && member.role != .moderator && !member.isInvited
  }

  /// Asks for the PIN where one is wanted, then greets.
  func welcome(_ leg: LegID, in id: RoomID) {
    guard let room = rooms[id], let member = room[leg] else { return }
    if turnAway(leg, from: room, in: id) { return }
    if needsPIN(member, in: room) {
      begin(VoiceEntry(pinOf: room.name), leg: leg, in: id)
    } else {
      greet(leg, in: id)
    }
  }

  /// Who calls out of hours is told so, and the call ends. Whom we called, and who moderates, comes in.
  private func turnAway(_ leg: LegID, from room: HostedRoom, in id: RoomID) -> Bool {
    guard let hours = room.settings.hours, let member = rooms[id]?[leg], !member.isInvited, member.role != .moderator,
      !hours.isOpen(at: clock.unixTime)
    else { return false }
    playToMember([room.settings.closedPrompt, "goodbye"], leg: leg, in: id) { .leaving($0) }
    return true
  }

  /// Welcome and notices to the member alone; admission follows when they have been heard. `isNewModerator`: the PIN that was
  /// keyed in is the moderators'.
  func greet(_ leg: LegID, in id: RoomID, isNewModerator: Bool = false) {
    guard let room = rooms[id] else { return }
    var prompts = room.settings.greeting.map { [$0] } ?? []
    if isNewModerator { prompts.append("you-are-moderator") }
    let isRecorded = room.settings.record || room.recording != nil
    if isRecorded { prompts.append(Self.noticePrompt) }
    playToMember(prompts, leg: leg, in: id) { .greeting($0) }
    if isRecorded, case .greeting(let play) = rooms[id]?[leg]?.stage { rooms[id]?[leg]?.notice = .playing(play) }
  }

  func admit(_ leg: LegID, in id: RoomID) async {
    guard rooms[id]?[leg] != nil else { return }
    rooms[id]?[leg]?.stage = .inside
    // Nobody hears a word of one who only listens, or under a mask that its call had before.
    postVoices(in: id)
    if rooms[id]?[leg]?.isMasked ?? false { media.post(.setMasked(leg, true), to: id) }
    media.post(.admit(leg), to: id)
    guard let room = rooms[id], let member = room[leg], room.purpose == .conference else { return }
    if room.settings.announcesJoining, room.inside.count > 1, member.supervision != .listen {
      play([settings.tones.joined], to: .everyone, in: id)
    }
    await hub.emit("conf-join", event(room, member, ["role": member.role.rawValue]))
    if let recording = room.recording?.id {
      await archive.joined(recording, leg: leg, party: member.uri, context: member.context.values)
      await tellArchive(of: member, in: recording)
      if member.isMasked { await archive.masked(recording, party: member.uri, true) }
    } else if room.settings.record {
      await startRecording(
        in: id, format: room.settings.recordingFormat, tracks: room.settings.recordingTracks,
        video: room.settings.recordingVideo)
    }
    await membersChanged(id, entered: leg)
    answerFlow(in: id)
  }

  // MARK: The voice entry

  func begin(_ entry: VoiceEntry, leg: LegID, in id: RoomID) {
    rooms[id]?[leg]?.stage = .entering(entry, play: nil)
    pumpEntry(leg, in: id) { _ in }
  }

  /// Feeds the member's entry machine and does what it asks. Machine and play are put back before anything else runs.
  func pumpEntry(_ leg: LegID, in id: RoomID, _ input: (inout VoiceEntry) -> Void) {
    guard let member = rooms[id]?[leg], case .entering(var entry, var playing) = member.stage else { return }
    input(&entry)
    while let action = entry.nextAction() {
      switch action {
      case .play(let prompts):
        if let playing { media.post(.stopPlay(playing), to: id) }
        playing = play(
          prompts.compactMap { settings.prompts.clip($0, language: member.language) }, to: .member(leg), in: id,
          stopsOnDigit: true)
      case .lookUp(let name):
        if case .room = settings.routes.room(name), let room = settings.room(named: name) {
          entry.found(room: name, wantsPIN: room.pin != nil || room.moderatorPIN != nil)
        } else {
          entry.notFound()
        }
      case .check(let name, let pin):
        let room = settings.room(named: name)
        if let moderatorPIN = room?.moderatorPIN, constantTimeEqual(pin, moderatorPIN) {
          rooms[id]?[leg]?.role = .moderator
          entry.accepted()
        } else if let roomPIN = room?.pin, constantTimeEqual(pin, roomPIN) {
          entry.accepted()
        } else {
          entry.refused()
        }
      case .enter(let name):
        if let playing { media.post(.stopPlay(playing), to: id) }
        rooms[id]?[leg]?.stage = .connecting
        enterRoom(named: name, leg: leg, from: id)
        return
      case .end:
        if let calls { Task { await calls.hangUp(leg, cause: "entry-failed") } }
        return
      }
    }
    rooms[id]?[leg]?.stage = .entering(entry, play: playing)
    scheduleEntryDeadline(entry.deadline, leg: leg)
  }

  private func enterRoom(named name: String, leg: LegID, from id: RoomID) {
    // Who is a moderator without a PIN is not asked for one.
    let isNewModerator = rooms[id]?[leg]?.role == .moderator
    if rooms[id]?.name == name {
      greet(leg, in: id, isNewModerator: isNewModerator)
      return
    }
    do throws(SeatRefusal) {
      let room = try conference(named: name)
      if turnAway(leg, from: room, in: id) {
        // It may have been opened for this caller alone.
        if room.members.isEmpty, !room.isPermanent { close(room.id) }
        return
      }
      if room.isLocked { throw SeatRefusal(status: 403, reason: "room-locked") }
      if room.isFull { throw SeatRefusal(status: 486, reason: "room-full") }
      shift(leg, from: id, to: room.id)
      greet(leg, in: room.id, isNewModerator: isNewModerator)
    } catch {
      let prompt = error.status == 403 ? "room-locked" : error.status == 486 ? "room-full" : "service-unavailable"
      playToMember([prompt, "goodbye"], leg: leg, in: id) { .leaving($0) }
    }
  }

  private func scheduleEntryDeadline(_ deadline: Instant, leg: LegID) {
    guard deadline < .distantFuture else { return }
    let wait = max(0, deadline.nanoseconds(since: clock.now))
    Task { [weak self] in
      try? await Task.sleep(for: .nanoseconds(wait))
      await self?.entryTimeout(leg)
    }
  }

  private func entryTimeout(_ leg: LegID) {
    guard let id = places[leg] else { return }
    let now = clock.now
    pumpEntry(leg, in: id) { $0.timeout(at: now) }
  }

  /// Compares without telling by its time how many digits were right.
  private func constantTimeEqual(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    var difference = UInt8(left.count == right.count ? 0 : 1)
    for index in right.indices { difference |= right[index] ^ (index < left.count ? left[index] : 0) }
    return difference == 0
  }

  // MARK: Moving

  /// Takes a member with its media to another room.
  func shift(_ leg: LegID, from id: RoomID, to other: RoomID) {
    guard var member = rooms[id]?[leg] else { return }
    rooms[id]?[leg] = nil
    member.stage = .connecting
    rooms[other]?[leg] = member
    places[leg] = other
    media.moveLeg(leg, from: id, to: other)
    mark(.left(leg), in: id)
    if let old = rooms[id], old.members.isEmpty, !old.isPermanent { close(id) }
  }

  /// `asksForPIN`: the member moves itself, so the other room's PIN is asked for as of any caller.
  func move(_ leg: LegID, to other: RoomID, asksForPIN: Bool = false) async throws(SeatRefusal) {
    guard let id = places[leg], let member = rooms[id]?[leg] else {
      throw SeatRefusal(status: 404, reason: "No such member")
    }
    guard id != other else { return }
    guard let target = rooms[other] else { throw SeatRefusal(status: 404, reason: "No such room") }
    if target.isFull { throw SeatRefusal(status: 486, reason: "Room is full") }
    if target.isLocked { throw SeatRefusal(status: 403, reason: "Room is locked") }
    if rooms[id]?.consult?.contains(leg) ?? false { await endConsult(in: id) }
    if let room = rooms[id], member.isInside { await hub.emit("conf-leave", event(room, member, ["cause": "moved"])) }
    shift(leg, from: id, to: other)
    await membersChanged(id)
    if asksForPIN { welcome(leg, in: other) } else { greet(leg, in: other) }
  }

  // MARK: Playing

  /// Plays clips; an empty list plays nothing and returns nil.
  @discardableResult
  func play(
    _ clips: [AudioClip], to audience: PlayAudience, in id: RoomID, stopsOnDigit: Bool = false, loops: Bool = false,
    gain: Double = 0
  ) -> PlayID? {
    guard !clips.isEmpty else { return nil }
    let play = PlayID(identifier())
    media.post(
      .play(
        PlayPlan(id: play, clips: clips, audience: audience, loops: loops, gain: gain, stopsOnDigit: stopsOnDigit)),
      to: id)
    if audience == .everyone { mark(.prompts(clips.map(\.name).filter { !$0.isEmpty }), in: id) }
    return play
  }

  /// Plays prompts to one member and enters the stage that waits for their end; at once if there is nothing to play.
  func playToMember(
    _ prompts: [String], leg: LegID, in id: RoomID, stage: (PlayID) -> Member.Stage
  ) {
    guard let member = rooms[id]?[leg] else { return }
    let clips = prompts.compactMap { settings.prompts.clip($0, language: member.language) }
    if let play = play(clips, to: .member(leg), in: id) {
      rooms[id]?[leg]?.stage = stage(play)
    } else {
      let silent = PlayID(identifier())
      rooms[id]?[leg]?.stage = stage(silent)
      Task { [weak self] in await self?.playEnded(silent, .finished, in: id) }
    }
  }

  func playEnded(_ play: PlayID, _ end: PlayEnd, in id: RoomID) async {
    await noticeEnded(play, end, in: id)
    guard let room = rooms[id] else { return }
    for member in room.members {
      switch member.stage {
      case .greeting(play): await admit(member.leg, in: id)
      case .leaving(play): await calls?.hangUp(member.leg, cause: "announcement-ended")
      case .entering(_, play: play):
        let now = clock.now
        pumpEntry(member.leg, in: id) { $0.promptEnded(at: now) }
      case .flowing(_, play: play):
        let now = clock.now
        await pumpFlow(member.leg, in: id) { $0.promptEnded(at: now) }
      case .connecting, .entering, .flowing, .greeting, .inside, .leaving: continue
      }
    }
    await hub.emit("prompt", ["room": room.name, "play": "\(play.rawValue)", "state": end.rawValue])
  }
}

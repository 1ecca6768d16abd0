import Conference
import Primitives

/// What the control plane asks of rooms and members.
extension RoomDirectory {
  package var descriptions: [RoomDescription] {
    rooms.values.filter { $0.purpose == .conference }.map(\.description).sorted { $0.name < $1.name }
  }

  package var memberCount: Int { places.count }
  package var prompts: PromptLibrary { settings.prompts }

  func found(_ name: String) throws(ControlError) -> HostedRoom {
    guard let id = named[name], let room = rooms[id] else {
      throw ControlError(.notFound, "No room '\(name)' is open: GET /api/v1/rooms lists those that are")
    }
    return room
  }

  func found(_ text: String, in name: String) throws(ControlError) -> (room: HostedRoom, member: Member) {
    let room = try found(name)
    guard let leg = MemberIdentifier.leg(text), let member = room[leg] else {
      throw ControlError(.notFound, "Room '\(name)' has no member '\(text)': GET its members to see who is in")
    }
    return (room, member)
  }

  package func description(of name: String) throws(ControlError) -> RoomDescription { try found(name).description }

  package func create(_ request: RoomCreation) throws(ControlError) -> RoomDescription {
    guard NamePattern.isPlainName(request.name) else {
      throw ControlError(
        .invalid, "A room's name is 1 to 64 letters, digits, '-', '_', '.' or '+'", field: "name")
    }
    for (pin, field) in [(request.pin, "pin"), (request.moderatorPIN, "moderatorPIN")] {
      if let pin, !(1...32).contains(pin.utf8.count) || !pin.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
        throw ControlError(.invalid, "A PIN is 1 to 32 digits", field: field)
      }
    }
    if named[request.name] != nil { throw ControlError(.conflict, "Room '\(request.name)' is open already") }
    let room: HostedRoom
    do { room = try conference(named: request.name, isPermanent: true) } catch {
      throw ControlError(
        error.status == 404 ? .forbidden : .unavailable,
        error.status == 404
          ? "No pattern of the configuration's 'rooms' allows the name '\(request.name)'" : error.reason)
    }
    var settings = room.settings
    if let pin = request.pin { settings.pin = pin }
    if let pin = request.moderatorPIN { settings.moderatorPIN = pin }
    if let language = request.language { settings.language = language }
    if let record = request.record { settings.record = record }
    rooms[room.id]?.settings = settings
    return rooms[room.id]?.description ?? room.description
  }

  package func closeRoom(_ name: String) async throws(ControlError) {
    let room = try found(name)
    for member in room.members { await calls?.hangUp(member.leg, cause: "room-closed") }
    close(room.id)
  }

  package func change(_ name: String, _ change: RoomChange) throws(ControlError) -> RoomDescription {
    let room = try found(name)
    if let locked = change.locked { rooms[room.id]?.isLocked = locked }
    if let muted = change.allMuted {
      for member in room.members where member.role != .moderator { setMuted(member.leg, muted, in: room.id) }
      announce(muted ? "all-muted" : "all-unmuted", in: room)
    }
    return try description(of: name)
  }

  package func changeMember(_ text: String, in name: String, _ change: MemberChange) async throws(ControlError)
    -> MemberDescription
  {
    let (room, member) = try found(text, in: name)
    for (gain, field) in [(change.listeningGain, "listeningGain"), (change.talkingGain, "talkingGain")] {
      if let gain, !RoomKey.gainRange.contains(gain) {
        throw ControlError(.invalid, "A gain is −30 to 12 dB", field: field)
      }
    }
    let leg = member.leg
    if let muted = change.muted {
      setMuted(leg, muted, in: room.id)
      if muted != member.isMuted, member.isInside {
        tell(muted ? "muted-by-moderator" : "unmuted-by-moderator", member, in: room.id)
      }
    }
    if let deaf = change.deaf {
      rooms[room.id]?[leg]?.isDeaf = deaf
      media.post(.setDeaf(leg, deaf), to: room.id)
    }
    if let held = change.held {
      rooms[room.id]?[leg]?.isHeld = held
      setMuted(leg, held || change.muted == true, in: room.id)
      media.post(.setDeaf(leg, held), to: room.id)
    }
    if let masked = change.masked { await setMask(leg, masked ? .others : .none, in: room.id) }
    if let gain = change.listeningGain { setListeningGain(leg, gain, in: room.id) }
    if let gain = change.talkingGain { setTalkingGain(leg, gain, in: room.id) }
    let now = try found(text, in: name)
    return now.room.description(of: now.member)
  }

  package func removeMember(_ text: String, from name: String) async throws(ControlError) {
    let (_, member) = try found(text, in: name)
    await calls?.hangUp(member.leg, cause: "removed")
  }

  package func moveMember(_ text: String, from name: String, to other: String) async throws(ControlError)
    -> MemberDescription
  {
    let (_, member) = try found(text, in: name)
    do { try await move(member.leg, to: conference(named: other).id) } catch {
      throw ControlError(error.status == 404 ? .notFound : .conflict, error.reason)
    }
    let now = try found(text, in: other)
    return now.room.description(of: now.member)
  }

  package func play(_ request: PlayRequest, in name: String) throws(ControlError) -> PlayDescription {
    let room = try found(name)
    guard (1...32).contains(request.prompts.count) else {
      throw ControlError(.invalid, "Name 1 to 32 prompts", field: "prompts")
    }
    var audience = PlayAudience.everyone
    if let text = request.member { audience = .member(try found(text, in: name).member.leg) }
    let clips = try request.prompts.map { prompt throws(ControlError) in
      guard let clip = settings.prompts.clip(prompt, language: request.language ?? room.settings.language) else {
        throw ControlError(.notFound, "No prompt '\(prompt)': GET /api/v1/prompts lists them", field: "prompts")
      }
      return clip
    }
    let gain = min(max(request.gain ?? 0, RoomKey.gainRange.lowerBound), RoomKey.gainRange.upperBound)
    guard let play = play(clips, to: audience, in: room.id, loops: request.loop ?? false, gain: gain) else {
      throw ControlError(.failed, "Nothing to play")
    }
    return PlayDescription(id: "\(play.rawValue)", room: name)
  }

  package func stopPlay(_ id: String, in name: String) throws(ControlError) {
    let room = try found(name)
    guard let number = UInt64(id) else { throw ControlError(.notFound, "No play '\(id)' in room '\(name)'") }
    media.post(.stopPlay(PlayID(number)), to: room.id)
  }

  package func record(_ request: RecordingRequest, in name: String) async throws(ControlError) -> RecordingID {
    let room = try found(name)
    if room.recording != nil { throw ControlError(.conflict, "Room '\(name)' is being recorded already") }
    let format: RecordingFormat
    switch request.format ?? room.settings.recordingFormat.rawValue {
    case "wav": format = .wav
    case "opus": format = .opus
    default: throw ControlError(.invalid, "A recording's format is wav or opus", field: "format")
    }
    guard
      let id = await startRecording(
        in: room.id, format: format, tracks: request.tracks ?? room.settings.recordingTracks,
        video: request.video ?? room.settings.recordingVideo)
    else { throw ControlError(.unavailable, "The room ended before its recording began") }
    if request.notice ?? true { giveNotice(in: room) }
    return id
  }

  package func change(recording id: RecordingID, _ change: RecordingChange) throws(ControlError) {
    guard let room = rooms.values.first(where: { $0.recording?.id == id }) else {
      throw ControlError(.conflict, "Recording \(id.rawValue) is not running")
    }
    self.change(recording: id, change, in: room)
  }

  func change(recording id: RecordingID, _ change: RecordingChange, in room: HostedRoom) {
    switch change {
    case .pause:
      rooms[room.id]?.recording = .paused(id)
      media.post(.pauseRecording(id), to: room.id)
      announce("recording-paused", in: room)
    case .resume:
      rooms[room.id]?.recording = .running(id)
      announce("recording-resumed", in: room)
      media.post(.resumeRecording(id), to: room.id)
    case .stop:
      media.post(.stopRecording(id), to: room.id)
      announce("recording-stopped", in: room)
    }
  }

  func announce(_ prompt: String, in room: HostedRoom) {
    guard let clip = settings.prompts.clip(prompt, language: room.settings.language) else { return }
    play([clip], to: .everyone, in: room.id)
  }
}

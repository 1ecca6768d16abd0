import Conference

/// Listening in, whispering, barging in, and consultations apart from the room.
extension RoomDirectory {
  package func supervise(_ text: String, in name: String, _ mode: Supervision) async throws(ControlError)
    -> MemberDescription
  {
    let (room, member) = try found(text, in: name)
    guard room.purpose == .conference, member.isInside else {
      throw ControlError(.conflict, "Member '\(text)' is not in the room yet")
    }
    if room.isWithdrawn(member) {
      throw ControlError(.conflict, "Member '\(text)' consults: end the consultation first")
    }
    if mode == .whisper, !room.inside.contains(where: { $0.role.hearsWhispers && $0.leg != member.leg }) {
      throw ControlError(.conflict, "Room '\(name)' has no agent or moderator to whisper to", field: "mode")
    }
    if mode == .whisper, !room.hasPlaceForWhisper(of: member.leg) {
      throw ControlError(.conflict, "\(HostedRoom.maximumWhispers) whisper in room '\(name)' already", field: "mode")
    }
    await supervise(member.leg, mode, in: room.id)
    let now = try found(text, in: name)
    return now.room.description(of: now.member)
  }

  func supervise(_ leg: LegID, _ mode: Supervision, in id: RoomID) async {
    rooms[id]?[leg]?.role = .supervisor
    rooms[id]?[leg]?.supervision = mode
    postVoices(in: id)
    guard let room = rooms[id], let member = room[leg] else { return }
    await hub.emit("supervision", event(room, member, ["mode": mode.rawValue]))
    await membersChanged(id)
  }

  /// Members speak among themselves; the customers hear music meanwhile, where the room has any.
  package func consult(_ request: ConsultRequest, in name: String) async throws(ControlError) -> RoomDescription {
    let room = try found(name)
    guard (2...HostedRoom.maximumConsult).contains(request.members.count),
      Set(request.members).count == request.members.count
    else {
      throw ControlError(
        .invalid, "A consultation has 2 to \(HostedRoom.maximumConsult) different members", field: "members")
    }
    if room.consult != nil { throw ControlError(.conflict, "Room '\(name)' has a consultation already") }
    var legs: [LegID] = []
    for text in request.members {
      let member = try found(text, in: name).member
      guard member.isInside else {
        throw ControlError(.conflict, "Member '\(text)' is not in the room yet", field: "members")
      }
      legs.append(member.leg)
    }
    rooms[room.id]?.consult = legs
    postVoices(in: room.id)
    let waiting = room.inside.filter { !legs.contains($0.leg) && !$0.role.isStaff }
    if room.settings.holdMusic {
      for member in waiting {
        if let music = play([settings.holdMusic], to: .member(member.leg), in: room.id, loops: true) {
          rooms[room.id]?.consultMusic.append(music)
        }
      }
    }
    await hub.emit("consult", consultEvent(room, legs, state: "began"))
    return try description(of: name)
  }

  /// Everybody hears everybody again.
  package func merge(_ name: String) async throws(ControlError) -> RoomDescription {
    let room = try found(name)
    guard room.consult != nil else { throw ControlError(.conflict, "Room '\(name)' has no consultation") }
    await endConsult(in: room.id)
    return try description(of: name)
  }

  func endConsult(in id: RoomID) async {
    guard let room = rooms[id], let legs = room.consult else { return }
    for music in room.consultMusic { media.post(.stopPlay(music), to: id) }
    rooms[id]?.consult = nil
    rooms[id]?.consultMusic = []
    postVoices(in: id)
    await hub.emit("consult", consultEvent(room, legs, state: "ended"))
  }

  private func consultEvent(_ room: HostedRoom, _ legs: [LegID], state: String) -> [String: String] {
    event(room, nil, ["state": state, "members": legs.map(MemberIdentifier.text).joined(separator: " ")])
  }

  /// One of a consultation has gone: alone nobody consults.
  func followConsult(in id: RoomID) async {
    guard let room = rooms[id], let consult = room.consult else { return }
    let present = consult.filter { room[$0]?.isInside ?? false }
    guard present != consult else { return }
    if present.count < 2 {
      await endConsult(in: id)
    } else {
      rooms[id]?.consult = present
    }
  }

  /// Tells the media plane who hears whom, as far as that has changed.
  func postVoices(in id: RoomID) {
    guard let room = rooms[id] else { return }
    for member in room.members { postVoice(of: member, in: room) }
  }

  private func postVoice(of member: Member, in room: HostedRoom) {
    let voice = room.voice(of: member)
    let isWithdrawn = room.isWithdrawn(member)
    if voice != member.voice {
      rooms[room.id]?[member.leg]?.voice = voice
      media.post(.setVoice(member.leg, voice), to: room.id)
    }
    if isWithdrawn != member.isWithdrawn {
      rooms[room.id]?[member.leg]?.isWithdrawn = isWithdrawn
      media.post(.setWithdrawn(member.leg, isWithdrawn), to: room.id)
    }
  }

  // MARK: Masking

  /// Masks every customer in the room, or unmasks them if one is masked.
  func toggleCustomerMasks(by member: Member, in room: HostedRoom) async {
    let customers = room.inside.filter { !$0.role.isStaff }
    let isOn = !customers.contains(where: \.isMasked)
    for customer in customers { await setMask(customer.leg, isOn ? .others : .none, in: room.id) }
    tell(isOn ? "masked" : "unmasked", member, in: room.id)
  }

  func setMask(_ leg: LegID, _ mask: MemberMask, in id: RoomID) async {
    rooms[id]?[leg]?.mask = mask
    let isMasked = mask != .none
    media.post(.setMasked(leg, isMasked), to: id)
    guard let room = rooms[id], let member = room[leg] else { return }
    if let recording = room.recording?.id { await archive.masked(recording, party: member.uri, isMasked) }
    await hub.emit("mask", event(room, member, ["masked": "\(isMasked)"]))
  }
}

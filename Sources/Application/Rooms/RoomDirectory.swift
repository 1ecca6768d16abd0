import Audio
import Codecs
import Conference
import Logging
import Primitives

/// All rooms of the server and who is in them: seats callers, greets them, obeys their keys, starts recordings.
///
/// The sound is the media plane's; the calls are the call switch's. This actor decides, they do.
package actor RoomDirectory: Reception {
  var settings: DirectorySettings
  let media: any MediaPlane
  let archive: Archive
  let hub: EventHub
  let clock: any Timekeeping
  let logger: Logger
  /// Whom voice flows ask for steps.
  var adviser: any FlowAdviser = NoFlowAdviser()
  /// Set once the calls exist; until then nobody is in a room.
  var calls: (any CallSwitch)?

  var rooms: [RoomID: HostedRoom] = [:]
  var named: [String: RoomID] = [:]
  /// Which room a leg is in.
  var places: [LegID: RoomID] = [:]
  /// Recordings whose files are closed and whose entries are on their way to disk and index.
  var closings: [RecordingID: Task<Void, Never>] = [:]
  /// When the members were last measured.
  var measured: Instant?
  package private(set) var isDraining = false
  private var lastIdentifier: UInt64 = 0

  package init(
    settings: DirectorySettings, media: any MediaPlane, archive: Archive, hub: EventHub, clock: any Timekeeping,
    logger: Logger
  ) {
    self.settings = settings
    self.media = media
    self.archive = archive
    self.hub = hub
    self.clock = clock
    self.logger = logger
  }

  package func connect(_ calls: any CallSwitch) { self.calls = calls }

  package func connect(_ adviser: any FlowAdviser) { self.adviser = adviser }

  /// Replaces rooms, prompts and routes. Rooms that live keep what they started with, but for their settings.
  package func reload(_ settings: DirectorySettings) {
    self.settings = settings
    for (id, room) in rooms {
      if room.purpose == .conference, let fresh = settings.room(named: room.name) { rooms[id]?.settings = fresh }
    }
  }

  package func drain() { isDraining = true }

  // MARK: Seats

  package func seat(_ caller: NewMember) async throws(SeatRefusal) -> Seat {
    guard !isDraining else { throw SeatRefusal(status: 503, reason: "Server is draining", retryAfter: 60) }
    guard media.load < settings.maximumLoad else {
      throw SeatRefusal(status: 503, reason: "Media is at its limit", retryAfter: 10)
    }
    guard places.count < settings.maximumMembers else {
      throw SeatRefusal(status: 503, reason: "All seats are taken", retryAfter: 30)
    }
    let leg = LegID(identifier())
    let room: HostedRoom
    switch caller.destination {
    case .room(let name): room = try conference(named: name)
    case .entry: room = privateRoom("entry-\(leg.rawValue)", .entry)
    case .flow(let name):
      guard let flow = settings.flows[name] else {
        throw SeatRefusal(status: 404, reason: "No voice flow of that name")
      }
      room = privateRoom("flow-\(leg.rawValue)", .flow(flow))
    case .echo: room = privateRoom("echo-\(leg.rawValue)", .echo)
    case .announcement(let prompt):
      guard settings.prompts.clip(prompt, language: language(of: caller) ?? settings.language) != nil else {
        throw SeatRefusal(status: 404, reason: "No prompt of that name")
      }
      room = privateRoom("announcement-\(leg.rawValue)", .announcement(prompt))
    case .reject(let status, let reason): throw SeatRefusal(status: status, reason: reason)
    case .external: throw SeatRefusal(status: 404, reason: "No route to that address")
    }
    let replaced = caller.replaces.flatMap { room[$0] }
    if room.isFull, replaced == nil { throw SeatRefusal(status: 486, reason: "Room is full") }
    if room.isLocked, caller.direction == .incoming, replaced == nil {
      throw SeatRefusal(status: 403, reason: "Room is locked")
    }
    var member = Member(
      leg: leg, caller: caller, language: language(of: caller) ?? room.settings.language, joined: clock.timestamp)
    if let role = caller.authenticatedUser.flatMap(room.settings.role) { member.take(role) }
    if let replaced { member.takePlace(of: replaced) }
    rooms[room.id]?[leg] = member
    places[leg] = room.id
    return Seat(room: room.id, leg: leg, roomName: room.name, codecs: room.settings.codecs)
  }

  private func language(of caller: NewMember) -> String? { settings.prompts.language(like: caller.languages) }

  package func agreed(_ leg: LegID, on plan: LegPlan) async {
    guard let id = places[leg] else { return }
    rooms[id]?[leg]?.codec = plan.audio.send.format.name
    media.post(.setLegPlan(leg, plan), to: id)
    let hasPicture = plan.video?.publisher != nil
    guard rooms[id]?[leg]?.hasPicture != hasPicture else { return }
    rooms[id]?[leg]?.hasPicture = hasPicture
    await calls?.conferenceChanged(id)
  }

  package func connected(_ leg: LegID) async {
    guard let id = places[leg], let room = rooms[id], let member = room[leg], case .connecting = member.stage else {
      return
    }
    switch room.purpose {
    case .conference: welcome(leg, in: id)
    case .entry:
      begin(VoiceEntry(), leg: leg, in: id)
    case .flow(let flow): await begin(flow, leg: leg, in: id)
    case .echo:
      playToMember(["echo-intro"], leg: leg, in: id) { .greeting($0) }
    case .announcement(let prompt):
      playToMember([prompt], leg: leg, in: id) { .leaving($0) }
    }
  }

  package func held(_ leg: LegID, _ held: Bool) async {
    guard let id = places[leg] else { return }
    rooms[id]?[leg]?.isHeld = held
  }

  package func left(_ leg: LegID, cause: String) async {
    guard let id = places.removeValue(forKey: leg), let member = rooms[id]?[leg] else { return }
    rooms[id]?[leg] = nil
    media.post(.removeLeg(leg), to: id)
    guard let room = rooms[id] else { return }
    await tellArchive(of: .left(leg), in: id)
    if member.isInside, room.purpose == .conference {
      await hub.emit("conf-leave", event(room, member, ["cause": cause]))
      if room.settings.announcesJoining, !room.inside.isEmpty, member.supervision != .listen {
        play([settings.tones.left], to: .everyone, in: id)
      }
    }
    await endDialling(in: id, by: leg, cause: cause)
    await membersChanged(id)
  }

  package func transfer(_ leg: LegID, to user: String) async throws(SeatRefusal) {
    guard case .room(let name) = settings.routes.room(user) else {
      throw SeatRefusal(status: 404, reason: "No room of that name")
    }
    let room = try conference(named: name)
    if let id = places[leg], id != room.id {
      // Who is a moderator here need not be one there.
      let user = rooms[id]?[leg]?.authenticatedUser
      rooms[id]?[leg]?.take(user.flatMap(room.settings.role) ?? .participant)
      rooms[id]?[leg]?.isInvited = false
    }
    try await move(leg, to: room.id, asksForPIN: true)
  }

  package func conferenceState(of room: RoomID) async -> ConferenceState? {
    rooms[room].map { room in
      ConferenceState(
        room: room.name,
        members: room.members.map { member in
          ConferenceState.Member(
            displayName: member.name, uri: member.uri, role: member.role, isConnected: member.isInside,
            isMuted: member.isMuted, hasPicture: member.hasPicture, number: member.leg.contributor)
        })
    }
  }

  package func room(named name: String) async -> RoomID? { named[name] }

  package func mayKnow(_ room: RoomID, user: String?, leg: LegID?) async -> Bool {
    guard let room = rooms[room] else { return false }
    return room.settings.pin == nil || user != nil || leg.flatMap { room[$0]?.isInside } ?? false
  }

  package func rooms(of legs: [LegID]) async -> [LegID: String] {
    legs.reduce(into: [:]) { names, leg in names[leg] = places[leg].flatMap { rooms[$0]?.name } }
  }

  // MARK: Rooms

  func identifier() -> UInt64 {
    lastIdentifier += 1
    return lastIdentifier
  }

  /// The room of that name, made if a pattern allows it.
  func conference(named name: String, isPermanent: Bool = false) throws(SeatRefusal) -> HostedRoom {
    if let id = named[name], let room = rooms[id] { return room }
    guard NamePattern.isPlainName(name), let roomSettings = settings.room(named: name) else {
      throw SeatRefusal(status: 404, reason: "No room of that name")
    }
    guard rooms.count < settings.maximumRooms else {
      throw SeatRefusal(status: 503, reason: "All rooms are taken", retryAfter: 30)
    }
    let room = HostedRoom(
      id: RoomID(identifier()), name: name, purpose: .conference, settings: roomSettings, created: clock.timestamp,
      isPermanent: isPermanent)
    open(room)
    named[name] = room.id
    return room
  }

  private func privateRoom(_ name: String, _ purpose: HostedRoom.Purpose) -> HostedRoom {
    var roomSettings = RoomSettings(pattern: NamePattern(name), language: settings.language)
    roomSettings.maximumMembers = 1
    if purpose == .echo { roomSettings.plan.kind = .echo }
    let room = HostedRoom(
      id: RoomID(identifier()), name: name, purpose: purpose, settings: roomSettings, created: clock.timestamp)
    open(room)
    return room
  }

  func open(_ room: HostedRoom) {
    rooms[room.id] = room
    media.openRoom(room.id, plan: room.settings.plan)
  }

  func close(_ id: RoomID) {
    guard let room = rooms.removeValue(forKey: id) else { return }
    if named[room.name] == id { named[room.name] = nil }
    if let recording = room.recording?.id { media.post(.stopRecording(recording), to: id) }
    media.closeRoom(id)
    // Subscribers learn that the conference is over.
    if let calls { Task { await calls.conferenceChanged(id) } }
  }

  /// Keeps what hangs on the number of members: what one alone hears, the end of an empty room, the event package.
  func membersChanged(_ id: RoomID, entered: LegID? = nil) async {
    await followConsult(in: id)
    postVoices(in: id)
    guard let room = rooms[id] else { return }
    if room.members.isEmpty, !room.isPermanent {
      close(id)
      return
    }
    if room.purpose == .conference {
      let company = room.company
      if company.count == 1, let only = company.first {
        if room.solitude == nil { keepCompany(only, in: room, isNew: only.leg == entered) }
      } else if let plays = room.solitude {
        rooms[id]?.solitude = nil
        for play in plays { media.post(.stopPlay(play), to: id) }
      }
    }
    await calls?.conferenceChanged(id)
  }

  /// The only member hears music, and who comes in alone is told so first.
  private func keepCompany(_ member: Member, in room: HostedRoom, isNew: Bool) {
    var plays: [PlayID] = []
    let notice = isNew ? settings.prompts.clip("only-participant", language: member.language) : nil
    if let notice, let play = play([notice], to: .member(member.leg), in: room.id) { plays.append(play) }
    if room.settings.holdMusic {
      let music = PlayID(identifier())
      media.post(
        .play(
          PlayPlan(id: music, clips: [settings.holdMusic], audience: .member(member.leg), loops: true, ducking: 0)),
        to: room.id)
      plays.append(music)
    }
    rooms[room.id]?.solitude = plays
  }

  func event(_ room: HostedRoom, _ member: Member? = nil, _ more: [String: String] = [:]) -> [String: String] {
    var values = ["room": room.name]
    if let member {
      values["member"] = MemberIdentifier.text(member.leg)
      values["call"] = member.call
      values["name"] = member.name
      values["uri"] = member.uri
    }
    return values.merging(more) { _, new in new }
  }
}

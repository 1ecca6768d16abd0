import Conference

/// A room as the product sees it: who is in, what plays, what is recorded. The media plane has the sound.
package struct HostedRoom: Sendable {
  package enum Purpose: Hashable, Sendable {
    /// A conference that callers meet in.
    case conference
    /// A caller alone with the voice entry.
    case entry
    /// A caller alone with a voice flow.
    case flow(VoiceFlow)
    case echo
    /// A caller alone with an announcement; the call ends with it.
    case announcement(String)
  }

  package let id: RoomID
  package let name: String
  package let purpose: Purpose
  package var settings: RoomSettings
  package let created: String
  package var isLocked = false
  package var sampleRate = 8_000
  /// Made by the control plane: stays when the last member leaves.
  package let isPermanent: Bool
  /// In the order of arrival.
  package private(set) var members: [Member] = []
  /// What is played to the only member, in this order; nil while there are others.
  package var solitude: [PlayID]?
  package var recording: HostedRecording?
  /// Who comes in from a voice flow as soon as somebody has answered here.
  package var awaited: LegID?
  /// Who speaks apart from the room.
  package var consult: [LegID]?
  /// What is played to those who wait meanwhile.
  package var consultMusic: [PlayID] = []
  /// The notice that is being played to everybody.
  package var notice: PlayID?

  package init(
    id: RoomID, name: String, purpose: Purpose, settings: RoomSettings, created: String, isPermanent: Bool = false
  ) {
    self.id = id
    self.name = name
    self.purpose = purpose
    self.settings = settings
    self.created = created
    self.isPermanent = isPermanent
  }

  package subscript(leg: LegID) -> Member? {
    get { members.first { $0.leg == leg } }
    set {
      let index = members.firstIndex { $0.leg == leg }
      switch (index, newValue) {
      case (let index?, let member?): members[index] = member
      case (let index?, nil): members.remove(at: index)
      case (nil, let member?): members.append(member)
      case (nil, nil): break
      }
    }
  }

  mutating func note(_ measurements: [LegID: LegStatistics]) {
    for index in members.indices {
      if let measurement = measurements[members[index].leg] { members[index].measurement = measurement }
    }
  }

  package var inside: [Member] { members.filter(\.isInside) }
  package var isFull: Bool { members.count >= settings.maximumMembers }

  package var description: RoomDescription {
    RoomDescription(
      name: name, created: created, locked: isLocked, sampleRate: sampleRate, members: members.map(description),
      recording: recording?.id?.rawValue, recordingPaused: recording?.isPaused,
      consult: consult?.map(MemberIdentifier.text))
  }

  package func description(of member: Member) -> MemberDescription {
    MemberDescription(
      id: MemberIdentifier.text(member.leg), call: member.call, name: member.name, uri: member.uri, role: member.role,
      joined: member.joined, muted: member.isMuted, deaf: member.isDeaf, held: member.isHeld, masked: member.isMasked,
      talking: member.isTalking, codec: member.codec, listeningGain: member.listeningGain,
      talkingGain: member.talkingGain, supervision: member.supervision,
      heardBy: hearers(of: member)?.map(MemberIdentifier.text), level: member.measurement?.level.rounded())
  }
}

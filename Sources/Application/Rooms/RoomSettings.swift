import Conference

/// How rooms whose name matches a pattern behave; one entry of `rooms:` in the configuration.
package struct RoomSettings: Sendable, Hashable {
  package var pattern: NamePattern
  /// Digits that a caller must key in; nil for an open room.
  package var pin: String?
  package var moderatorPIN: String?
  package var language: String
  /// Prompt played to who enters; nil for none.
  package var greeting: String?
  /// Nil: always open.
  package var hours: BusinessHours?
  /// Prompt played to who calls when it is closed; the call ends with it.
  package var closedPrompt: String
  package var announcesJoining: Bool
  package var holdMusic: Bool
  /// Records from the first member on.
  package var record: Bool
  package var recordingFormat: RecordingFormat
  package var recordingTracks: Bool
  package var maximumMembers: Int
  /// SIP URI that key 0 of a moderator brings in.
  package var specialist: String?
  /// Digest users who are moderators without a PIN.
  package var moderators: Set<String>
  /// Digest users who serve the room's customers, and those who may listen in.
  package var agents: Set<String> = []
  package var supervisors: Set<String> = []
  /// Recordings hold the members' pictures.
  package var recordingVideo = false
  /// Recordings hold whispers and consultations, too.
  package var recordsWhispers = false
  /// What its members may speak.
  package var codecs: CodecFilter
  package var plan: RoomPlan

  package init(
    pattern: NamePattern, pin: String? = nil, moderatorPIN: String? = nil, language: String = "en",
    greeting: String? = "welcome", hours: BusinessHours? = nil, closedPrompt: String = "closed",
    announcesJoining: Bool = true, holdMusic: Bool = true, record: Bool = false,
    recordingFormat: RecordingFormat = .wav, recordingTracks: Bool = false, maximumMembers: Int = 1_000,
    specialist: String? = nil, moderators: Set<String> = [], codecs: CodecFilter = .all,
    plan: RoomPlan = RoomPlan()
  ) {
    self.pattern = pattern
    self.pin = pin
    self.moderatorPIN = moderatorPIN
    self.language = language
    self.greeting = greeting
    self.hours = hours
    self.closedPrompt = closedPrompt
    self.announcesJoining = announcesJoining
    self.holdMusic = holdMusic
    self.record = record
    self.recordingFormat = recordingFormat
    self.recordingTracks = recordingTracks
    self.maximumMembers = maximumMembers
    self.specialist = specialist
    self.moderators = moderators
    self.codecs = codecs
    self.plan = plan
  }

  /// What a digest user is in the room; nil for one like any other.
  package func role(of user: String) -> MemberRole? {
    if supervisors.contains(user) { return .supervisor }
    if agents.contains(user) { return .agent }
    return moderators.contains(user) ? .moderator : nil
  }
}

import Audio

/// What the room directory works with; replaced whole by a reload.
package struct DirectorySettings: Sendable {
  /// First match wins.
  package var rooms: [RoomSettings]
  package var routes: RouteTable
  package var prompts: PromptLibrary
  /// By name.
  package var flows: [String: VoiceFlow]
  package var holdMusic: AudioClip
  package var tones: RoomTones
  package var language: String
  package var maximumRooms: Int
  package var maximumMembers: Int
  /// Share of a media core above which new calls are refused, 0 to 1.
  package var maximumLoad: Double
  /// Seconds for which the seat of a browser is kept whose network has gone.
  package var lostGrace = 30

  package init(
    rooms: [RoomSettings], routes: RouteTable, prompts: PromptLibrary, holdMusic: AudioClip, tones: RoomTones,
    flows: [String: VoiceFlow] = [:], language: String = "en", maximumRooms: Int = 10_000, maximumMembers: Int = 10_000,
    maximumLoad: Double = 0.85
  ) {
    self.rooms = rooms
    self.routes = routes
    self.prompts = prompts
    self.flows = flows
    self.holdMusic = holdMusic
    self.tones = tones
    self.language = language
    self.maximumRooms = maximumRooms
    self.maximumMembers = maximumMembers
    self.maximumLoad = maximumLoad
  }

  package func room(named name: String) -> RoomSettings? { rooms.first { $0.pattern.matches(name) } }
}

/// Short signals of a room.
package struct RoomTones: Sendable {
  package var joined: AudioClip
  package var left: AudioClip
  package init(joined: AudioClip, left: AudioClip) {
    self.joined = joined
    self.left = left
  }
}

import Conference

/// What a key does in a room.
package enum RoomKey: Hashable, Sendable {
  case toggleMute
  /// Decibels more or less of what the member hears.
  case listeningGain(Double)
  /// Decibels more or less of how loud the member is for others.
  case talkingGain(Double)
  case leave
  case help
  case toggleLock
  case removeLast
  case bringInSpecialist
  /// The member's voice and digits are kept from the others and from every recording, or no longer.
  case toggleMask
  case openRecordingMenu
  case openSupervisionMenu
  case supervise(Supervision)
  case toggleRecording
  case toggleRecordingPause

  /// The key's meaning for a role; nil for a key without one.
  package init?(_ digit: DTMFDigit, in menu: KeyMenu, role: MemberRole) {
    switch menu {
    case .room: self.init(inRoom: digit, role: role)
    case .recording: self.init(inRecordingMenu: digit)
    case .supervision: self.init(inSupervisionMenu: digit)
    }
  }

  private init?(inRecordingMenu digit: DTMFDigit) {
    switch digit {
    case .one: self = .toggleRecording
    case .two: self = .toggleRecordingPause
    case .zero, .three, .four, .five, .six, .seven, .eight, .nine, .star, .pound, .a, .b, .c, .d: return nil
    }
  }

  private init?(inSupervisionMenu digit: DTMFDigit) {
    switch digit {
    case .one: self = .supervise(.listen)
    case .two: self = .supervise(.whisper)
    case .three: self = .supervise(.barge)
    case .zero, .four, .five, .six, .seven, .eight, .nine, .star, .pound, .a, .b, .c, .d: return nil
    }
  }

  private init?(inRoom digit: DTMFDigit, role: MemberRole) {
    switch digit {
    case .one: self = .toggleMute
    case .four: self = .listeningGain(-RoomKey.gainStep)
    case .six: self = .listeningGain(RoomKey.gainStep)
    case .seven: self = .talkingGain(-RoomKey.gainStep)
    case .nine: self = .talkingGain(RoomKey.gainStep)
    case .eight: self = .leave
    case .star: self = role == .supervisor ? .openSupervisionMenu : .help
    case .two where role == .moderator: self = .toggleLock
    case .three where role == .moderator: self = .removeLast
    case .five where role == .moderator: self = .openRecordingMenu
    case .zero where role == .moderator: self = .bringInSpecialist
    case .pound: self = .toggleMask
    case .zero, .two, .three, .five, .a, .b, .c, .d: return nil
    }
  }

  package static let gainStep = 3.0
  /// Decibels within which keys and control may set a gain.
  package static let gainRange = -30.0...12.0
}

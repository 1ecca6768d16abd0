/// Whom a member's voice reaches, and how it goes from one audience to another: it fades out first, and what was said to
/// the former audience never reaches the next.
struct VoiceReach {
  /// Ticks for which a change is held back at most.
  static let longestWait = 50

  /// Who hears the voice at present.
  private(set) var audience = VoiceAudience.everybody
  private var wanted = VoiceAudience.everybody
  /// Ticks until the change begins: what is still to be played was said to the former audience.
  private var wait = 0
  /// Where the voice is among the asides of the room; nil if it is none, or there was no place left.
  var place: Int?

  /// Everybody hears the voice, and nothing else is wanted.
  var isPlain: Bool { audience == .everybody && !isChanging }
  var isChanging: Bool { wanted != audience }
  /// The voice fades out, to come back for others.
  var isFading: Bool { isChanging && wait == 0 }

  /// Somebody may hear the voice.
  var isHeard: Bool {
    switch audience {
    case .everybody: true
    case .members: place != nil
    case .nobody: false
    }
  }

  /// The audience is a chosen one, and there is no place yet.
  var wantsPlace: Bool { if case .members = audience { place == nil } else { false } }

  /// Asks for another audience. What will be played in the next `pending` ticks was said before.
  mutating func want(_ audience: VoiceAudience, pending: Int) {
    guard audience != wanted else { return }
    wanted = audience
    // Less never waits: only who hears more could hear what was not meant for them.
    let isWider = self.audience != .everybody && audience != .nobody
    wait = isWider ? min(max(pending, 0), Self.longestWait) : 0
  }

  /// Begins a tick; true if the audience is another one from now on. `isSilent`: nothing of the voice sounds.
  mutating func tick(isSilent: Bool) -> Bool {
    guard isChanging else { return false }
    guard wait == 0 else {
      wait -= 1
      return false
    }
    guard isSilent else { return false }
    audience = wanted
    if case .members = audience {} else { place = nil }
    return true
  }
}

import Conference

/// A member of a hosted room: a call with its media leg.
package struct Member: Sendable {
  /// How far the member has come.
  package enum Stage: Sendable {
    /// Signalling is still at it.
    case connecting
    /// Keys in room number or PIN.
    case entering(VoiceEntry, play: PlayID?)
    /// Is led through a voice flow.
    case flowing(FlowMachine, play: PlayID?)
    /// Hears the greeting and notices; enters when that play ends.
    case greeting(PlayID)
    case inside
    /// Hears a last prompt; the call ends with it.
    case leaving(PlayID)
  }

  /// Whether the member knows that the call is recorded.
  package enum Notice: Hashable, Sendable {
    case none
    case playing(PlayID)
    case heard(RecordingNotice)
  }

  package let leg: LegID
  package let call: String
  package let name: String
  package let uri: String
  package var role: MemberRole
  package let context: CallContext
  package let joined: String
  package let authenticatedUser: String?
  /// Whom we called, or who takes a member's place, is not asked for a PIN.
  package var isInvited: Bool
  package var language: String
  package var stage: Stage = .connecting
  package var isMuted = false
  package var isDeaf = false
  package var isHeld = false
  package var mask = MemberMask.none
  /// How a supervisor takes part; nil for everybody else.
  package var supervision: Supervision?
  /// What the media plane was told of who hears the member, and of whom it hears.
  package var voice = VoiceAudience.everybody
  package var isWithdrawn = false
  /// What the member was played of that the call is recorded.
  package var notice = Notice.none
  /// A menu that the last key opened.
  package var keyMenu = KeyMenu.room
  package var isTalking = false
  /// The way to its browser is lost: nothing is sent there until it is found again. Each loss has a number of its own.
  package var loss: UInt64?
  package var codec = ""
  /// The last that was made, if any.
  package var measurement: LegStatistics?
  /// The member sends a picture, as agreed.
  package var hasPicture = false
  package var listeningGain = 0.0
  package var talkingGain = 0.0

  package init(leg: LegID, caller: NewMember, language: String, joined: String) {
    self.leg = leg
    self.call = caller.call
    self.name = caller.displayName
    self.uri = caller.uri
    self.role = caller.role
    self.supervision = caller.role == .supervisor ? .listen : nil
    self.context = caller.context
    self.authenticatedUser = caller.authenticatedUser
    self.isInvited = caller.direction == .outgoing || caller.replaces != nil
    self.language = language
    self.joined = joined
  }

  package var heardNotice: RecordingNotice? { if case .heard(let notice) = notice { notice } else { nil } }

  /// Becomes another in the room; a supervisor listens until it says otherwise.
  package mutating func take(_ role: MemberRole) {
    self.role = role
    supervision = role == .supervisor ? .listen : nil
  }

  /// What the other was in the room, this one is: a mask is not lost with a connection.
  package mutating func takePlace(of other: Member) {
    role = other.role
    supervision = other.supervision
    mask = other.mask
  }

  package var isMasked: Bool { mask != .none }

  package var isInside: Bool { if case .inside = stage { true } else { false } }
}

/// How a leg is named outside: `m` and its number.
package enum MemberIdentifier {
  package static func text(_ leg: LegID) -> String { "m\(leg.rawValue)" }
  package static func leg(_ text: String) -> LegID? {
    text.hasPrefix("m") ? UInt64(text.dropFirst()).map(LegID.init) : nil
  }
}

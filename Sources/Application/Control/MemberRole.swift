/// What a member is in a room.
package enum MemberRole: String, Codable, Hashable, Sendable, CaseIterable {
  case participant, moderator
  /// Whom the room is there for.
  case customer
  /// Who serves the customer, and hears whispers.
  case agent
  /// Who was brought in to help.
  case specialist
  /// Who listens in, whispers to the agents, or barges in.
  case supervisor

  /// One of the house, not one who called it: hears no hold music in a consultation, and no key of an agent masks it.
  package var isStaff: Bool {
    switch self {
    case .participant, .customer: false
    case .moderator, .agent, .specialist, .supervisor: true
    }
  }

  /// A supervisor's whisper is for this one.
  package var hearsWhispers: Bool { self == .agent || self == .moderator }
}

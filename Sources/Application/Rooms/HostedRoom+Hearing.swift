import Conference

/// Who hears whom.
extension HostedRoom {
  /// Members of a consultation at the most; with the whispers they share the places of the media plane.
  package static let maximumConsult = 4
  /// Supervisors who whisper at a time.
  static let maximumWhispers = 4

  /// Who hears a member, as far as that is not everybody else in the room who listens.
  package func voice(of member: Member) -> VoiceAudience {
    if let consult, consult.contains(member.leg) {
      return .members(Set(consult.filter { $0 != member.leg }))
    }
    switch member.supervision {
    case nil, .barge: return .everybody
    case .listen: return .nobody
    case .whisper:
      return .members(Set(inside.filter { $0.role.hearsWhispers && $0.leg != member.leg }.map(\.leg)))
    }
  }

  /// The member hears only those whom it consults.
  package func isWithdrawn(_ member: Member) -> Bool { consult?.contains(member.leg) ?? false }

  /// Whom the member is heard by; nil if that is everybody else in the room.
  func hearers(of member: Member) -> [LegID]? {
    guard member.isInside, !member.isMuted, !member.isMasked else { return [] }
    switch voice(of: member) {
    case .nobody: return []
    case .members(let audience): return inside.map(\.leg).filter(audience.contains)
    case .everybody:
      guard let consult else { return nil }
      return inside.map(\.leg).filter { $0 != member.leg && !consult.contains($0) }
    }
  }

  /// Whether one more supervisor may whisper.
  func hasPlaceForWhisper(of leg: LegID) -> Bool {
    inside.count { $0.supervision == .whisper && $0.leg != leg } < Self.maximumWhispers
  }

  /// Those whom others can hear: who is alone among silent listeners is alone.
  var company: [Member] { inside.filter { $0.supervision != .listen } }
}

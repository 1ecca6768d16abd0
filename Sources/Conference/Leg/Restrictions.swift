/// What a member may not do in the room at present.
struct Restrictions: OptionSet, Hashable, Sendable {
  let rawValue: UInt8
  /// The room does not hear the member.
  static let muted = Restrictions(rawValue: 1)
  /// The member does not hear the others.
  static let deaf = Restrictions(rawValue: 2)
  /// The member's voice and digits reach neither the others nor a recording.
  static let masked = Restrictions(rawValue: 4)
  /// The member hears only who speaks to it apart.
  static let withdrawn = Restrictions(rawValue: 8)

  mutating func set(_ restriction: Restrictions, _ isOn: Bool) {
    if isOn { insert(restriction) } else { remove(restriction) }
  }
}

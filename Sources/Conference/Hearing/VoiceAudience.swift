/// Who hears a member of a room.
package enum VoiceAudience: Hashable, Sendable {
  case everybody
  /// A whisper or a consultation: of those who are here, these members alone.
  case members(Set<LegID>)
  /// The member listens only.
  case nobody
}

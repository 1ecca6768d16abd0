/// What a member's next key is about.
package enum KeyMenu: Hashable, Sendable {
  /// The keys of the room.
  case room
  /// Key 5 was pressed: the next key is about the recording.
  case recording
  /// A supervisor pressed the star: the next key says how to take part.
  case supervision
}

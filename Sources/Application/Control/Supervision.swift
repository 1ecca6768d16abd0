/// How a supervisor takes part in a room.
package enum Supervision: String, Codable, Hashable, Sendable, CaseIterable {
  /// Hears all, is heard by nobody.
  case listen
  /// Is heard by the agents alone.
  case whisper
  /// Is heard by all.
  case barge
}

import Conference

/// What the archive is told of a recording's course, to be marked in it.
package enum RecordingMoment: Hashable, Sendable {
  case left(LegID)
  case talking(LegID, Bool)
  /// Announcements that everybody hears, by name, one after the other.
  case prompts([String])
  /// A key was pressed; not which.
  case key(LegID)
  /// Somebody finds this moment worth a mark; the words may be empty.
  case note(String)
}

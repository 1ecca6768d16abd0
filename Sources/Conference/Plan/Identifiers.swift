/// A room of the media plane. Made by Application, never re-used in the life of the process.
package struct RoomID: Hashable, Sendable, Codable {
  package var rawValue: UInt64
  package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// A member's media leg. Made by Application, never re-used in the life of the process.
package struct LegID: Hashable, Sendable, Codable {
  package var rawValue: UInt64
  package init(_ rawValue: UInt64) { self.rawValue = rawValue }

  /// The member as a contributing source (CSRC) of what others get: RFC 3550, section 5.1. The conference package tells the
  /// same number (`src-id`). Never 0.
  package var contributor: UInt32 { max(1, UInt32(truncatingIfNeeded: rawValue)) }
}

/// One playing of a clip or of hold music.
package struct PlayID: Hashable, Sendable, Codable {
  package var rawValue: UInt64
  package init(_ rawValue: UInt64) { self.rawValue = rawValue }
}

/// One recording of a room.
package struct RecordingID: Hashable, Sendable, Codable {
  /// Server-made text fit for a file name: lower-case hex digits and hyphens.
  package var rawValue: String
  package init(_ rawValue: String) { self.rawValue = rawValue }
}

/// Who listened to what: a log that outlives the index of recordings. Storage implements it with SQLite.
package protocol AccessStore: Sendable {
  /// Adds an access, or, if the same was going on a moment ago, lengthens that one: a player asks for a file in many
  /// pieces.
  func note(_ access: RecordingAccess) async throws
  /// Of one recording, the latest first.
  func accesses(of recording: String, limit: Int) async throws -> [RecordingAccess]
}

/// No log: where nobody can listen, as in the repair of an archive.
package struct NoAccessStore: AccessStore {
  package init() {}
  package func note(_ access: RecordingAccess) async throws {}
  package func accesses(of recording: String, limit: Int) async throws -> [RecordingAccess] { [] }
}

/// The index of recordings; Storage implements it with SQLite. The files are the truth: the index can be rebuilt from them.
package protocol RecordingStore: Sendable {
  /// Writes or replaces entries, all or none; durable when it returns.
  func save(_ entries: [StoredRecording]) async throws
  func recording(_ id: String) async throws -> StoredRecording?
  func recordings(_ query: RecordingQuery) async throws -> Page<RecordingDescription>
  func delete(_ id: String) async throws
  /// Of every entry.
  func identifiers() async throws -> Set<String>
  /// Entries that say that their recording is being made.
  func unfinished() async throws -> [StoredRecording]
  /// Closed entries without a seal, the oldest first.
  func unsealed(limit: Int) async throws -> [StoredRecording]
  /// Names of all rooms that have an entry.
  func rooms() async throws -> [String]
  /// Closed entries of a room that began before a time (RFC 3339) and are not held, the oldest first.
  func expired(room: String, startedBefore time: String, limit: Int) async throws -> [String]
}

/// An entry of the index and where its files lie, relative to the recordings root.
package struct StoredRecording: Sendable, Hashable {
  package var recording: RecordingDescription
  package var directory: String
  package init(recording: RecordingDescription, directory: String) {
    self.recording = recording
    self.directory = directory
  }
}

extension RecordingStore {
  package func save(_ recording: RecordingDescription, directory: String) async throws {
    try await save([StoredRecording(recording: recording, directory: directory)])
  }
}

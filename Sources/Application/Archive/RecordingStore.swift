/// The index of recordings; Storage implements it with SQLite. The files are the truth: the index can be rebuilt from them.
package protocol RecordingStore: Sendable {
  /// Writes or replaces the entry; durable when it returns.
  func save(_ recording: RecordingDescription, directory: String) async throws
  func recording(_ id: String) async throws -> StoredRecording?
  /// Newest first.
  func recordings(_ query: RecordingQuery) async throws -> Page<RecordingDescription>
  func delete(_ id: String) async throws
  /// Of every entry.
  func identifiers() async throws -> Set<String>
  /// Entries that say that their recording is being made.
  func unfinished() async throws -> [StoredRecording]
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

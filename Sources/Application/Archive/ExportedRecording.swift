/// A closed recording as it is handed over: what is known of it, and its files as they are now.
package struct ExportedRecording: Sendable {
  package struct File: Sendable {
    package var name: String
    /// Opens it when its turn comes: a recording may have a thousand files.
    package var open: @Sendable () async throws -> ArchivedContent
    package var octets: Int64
    /// Lower-case hex.
    package var sha256: String

    package init(
      name: String, octets: Int64, sha256: String, open: @escaping @Sendable () async throws -> ArchivedContent
    ) {
      self.name = name
      self.open = open
      self.octets = octets
      self.sha256 = sha256
    }
  }

  package var recording: RecordingDescription
  package var files: [File]
  /// RFC 3339: when it was handed over, and to whom.
  package var at: String
  package var by: String

  package init(recording: RecordingDescription, files: [File], at: String, by: String) {
    self.recording = recording
    self.files = files
    self.at = at
    self.by = by
  }
}

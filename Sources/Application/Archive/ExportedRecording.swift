/// A closed recording as it is handed over: what is known of it, and its files as they are now.
package struct ExportedRecording: Sendable {
  package struct File: Sendable {
    package var name: String
    package var content: ArchivedContent
    package var octets: Int64
    /// Lower-case hex.
    package var sha256: String

    package init(name: String, content: ArchivedContent, octets: Int64, sha256: String) {
      self.name = name
      self.content = content
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

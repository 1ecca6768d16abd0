/// A closed recording as it is handed over: what is known of it, and its files as they are now.
package struct ExportedRecording: Sendable, Hashable {
  package struct File: Sendable, Hashable {
    package var name: String
    package var path: String
    package var octets: Int64
    /// Lower-case hex.
    package var sha256: String

    package init(name: String, path: String, octets: Int64, sha256: String) {
      self.name = name
      self.path = path
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

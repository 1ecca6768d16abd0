/// Somebody got to hear a recording, or took it along.
package struct RecordingAccess: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable { case listened, downloaded, exported }

  package var recording: String
  /// Empty of an export: all files.
  package var file: String
  package var kind: Kind
  /// Who, as far as the server knows.
  package var by: String
  /// RFC 3339: when it began, and the last request for a piece.
  package var at: String
  package var last: String
  /// For pieces of the file.
  package var requests: Int

  package init(
    recording: String, file: String, kind: Kind, by: String, at: String, last: String, requests: Int = 1
  ) {
    self.recording = recording
    self.file = file
    self.kind = kind
    self.by = by
    self.at = at
    self.last = last
    self.requests = requests
  }
}

import Conference

/// Files of a recording that an earlier run of the server left unfinished, as they are after the repair.
package struct RepairedRecording: Hashable, Sendable {
  /// Relative to the recordings root; its last part is the recording's id.
  package var directory: String
  /// Every audio file of it: those that were repaired, and those that had been finished.
  package var files: [RecordedFile]

  package init(directory: String, files: [RecordedFile]) {
    self.directory = directory
    self.files = files
  }
}

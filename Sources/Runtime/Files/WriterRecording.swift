import Conference

/// A recording whose files are being written.
struct WriterRecording: Sendable {
  let id: RecordingID
  let room: RoomID
  /// Relative to the recordings root.
  let path: String
  let directory: OpenDirectory
  /// By the index of `RecordingFile`; a file that could not be made is missing.
  var files: [Int: WriterFile] = [:]
  /// The room was told once that octets were lost.
  var hasReportedLoss = false
}

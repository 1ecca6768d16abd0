/// One step of writing a recording, for the owner of the files to carry out in order.
package enum RecordingWrite: Sendable {
  /// Make the directory (relative to the recordings root). Answered by `RecordingOutcome.opened` or `.failed`.
  case open(RecordingID, directory: String)
  /// Make an empty file; its octets follow as `append`.
  case create(RecordingFile, name: String)
  case append(RecordingFile, [UInt8])
  /// Append so many zero octets: silence of WAV files, which may become a hole in the file.
  case zeros(RecordingFile, Int64)
  /// Overwrite octets that were written before: headers, every second.
  case patch(RecordingFile, offset: Int64, octets: [UInt8])
  /// Sync, hash and rename all files. What only the disk knows (`octets`, `sha256`) is the writer's to fill in. Answered by
  /// `RecordingOutcome.finished` or `.failed`.
  case finish(RecordingID, files: [RecordedFile])
}

/// A file of a recording that is being written.
package struct RecordingFile: Hashable, Sendable {
  package var recording: RecordingID
  /// 0 is the mix; every track counts on.
  package var index: Int
  package init(recording: RecordingID, index: Int) {
    self.recording = recording
    self.index = index
  }
}

import Conference

/// What operators must know about the disk that recordings go to; raised at most once a second for each kind.
package enum FileAlarm: Hashable, Sendable {
  /// Less than the share to warn at is free, 0 to 1.
  case spaceLow(freeShare: Double)
  case spaceRecovered(freeShare: Double)
  /// The disk refused octets: full or broken. They went to the spill directory, or are lost.
  case writeFailed(file: String, reason: String, spilled: Bool)
  /// The disk does not keep up: octets are dropped before they reach it.
  case queueFull(droppedOctets: Int64)
  /// The writer waits for the disk for more than a second.
  case stalled
  /// A recording was refused or cannot be finished.
  case recordingFailed(RecordingID, reason: String)
  /// Octets lie in the spill directory that found no place in their file.
  case spillKept(file: String)
}

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
  /// The disk takes octets again, and has for some seconds.
  case writeRecovered
  /// The writer waits for the disk for more than a second.
  case stalled
  /// A recording was refused or cannot be finished.
  case recordingFailed(RecordingID, reason: String)
  /// Octets lie in the spill directory that found no place in their file.
  case spillKept(file: String)
}

extension FileAlarm: CustomStringConvertible {
  /// A sentence for operators.
  package var description: String {
    switch self {
    case .spaceLow(let share): "recordings: \(Int(share * 1_000)) ‰ of the disk is free"
    case .spaceRecovered(let share): "recordings: \(Int(share * 1_000)) ‰ of the disk is free again"
    case .writeFailed(let file, let reason, let spilled):
      "recordings: \(reason)\(spilled ? "; octets are spilled" : "; octets are lost")\(file.isEmpty ? "" : " (\(file))")"
    case .writeRecovered: "recordings: the disk takes octets again"
    case .queueFull(let dropped): "recordings: the disk is too slow; \(dropped) octets dropped"
    case .stalled: "recordings: the disk does not answer"
    case .recordingFailed(let id, let reason): "recording \(id.rawValue): \(reason)"
    case .spillKept(let file): "recordings: octets are kept in \(file)"
    }
  }
}

import Conference

/// The recording of a hosted room.
package enum HostedRecording: Hashable, Sendable {
  /// The archive is being asked for a name; a second start must wait.
  case starting
  case running(RecordingID)
  case paused(RecordingID)

  package var id: RecordingID? {
    switch self {
    case .starting: nil
    case .running(let id), .paused(let id): id
    }
  }

  /// Nil while there is none that could.
  package var isPaused: Bool? {
    switch self {
    case .starting: nil
    case .running: false
    case .paused: true
    }
  }
}

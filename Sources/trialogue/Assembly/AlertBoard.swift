import Runtime

/// What operators should look at now; shown by `/readyz` and `status`.
actor AlertBoard {
  private var active: [String: String] = [:]

  var texts: [String] { active.sorted { $0.key < $1.key }.map(\.value) }

  func raise(_ alarm: FileAlarm) {
    switch alarm {
    case .spaceLow: active["space"] = alarm.description
    case .spaceRecovered: active["space"] = nil
    case .writeFailed: active["write"] = alarm.description
    case .writeRecovered: for key in ["write", "queue", "stalled"] { active[key] = nil }
    case .queueFull: active["queue"] = alarm.description
    case .stalled: active["stalled"] = alarm.description
    case .recordingFailed: active["failed"] = alarm.description
    case .spillKept: active["spill"] = alarm.description
    }
  }
}

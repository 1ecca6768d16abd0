import Conference
import Runtime

/// What operators should look at now; shown by `/readyz` and `status`.
actor AlertBoard {
  private var active: [String: String] = [:]

  var texts: [String] { active.sorted { $0.key < $1.key }.map(\.value) }

  func raise(_ alarm: FileAlarm) {
    switch alarm {
    case .spaceLow(let share): active["space"] = "recordings: \(Int(share * 100)) % of the disk is free"
    case .spaceRecovered: active["space"] = nil
    case .writeFailed(_, let reason, let spilled):
      active["write"] = "recordings: \(reason)\(spilled ? "; spilled" : "; octets are lost")"
    case .queueFull(let dropped): active["queue"] = "recordings: the disk is too slow; \(dropped) octets dropped"
    case .stalled: active["stalled"] = "recordings: the disk does not answer"
    case .recordingFailed(let id, let reason): active["failed"] = "recording \(id.rawValue): \(reason)"
    case .spillKept(let file): active["spill"] = "recordings: octets are kept in \(file)"
    }
  }
}

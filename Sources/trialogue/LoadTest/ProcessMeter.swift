import Foundation

/// What a process and its descendants use, from /proc (proc(5)).
struct ProcessMeter: Sendable {
  /// One reading.
  struct Reading: Sendable {
    /// CPU seconds, user and system.
    var cpu = 0.0
    /// Octets of resident memory.
    var resident = 0
    var threads = 0
  }

  /// Ticks of the kernel's accounting in a second (USER_HZ on Linux).
  private static let ticksPerSecond = 100.0
  var pid: Int

  static let own = ProcessMeter(pid: Int(ProcessInfo.processInfo.processIdentifier))

  var exists: Bool { ProcessMeter.fields(pid) != nil }

  func read() -> Reading {
    var reading = Reading()
    for pid in tree() {
      // Fields 14 and 15 are utime and stime, 20 the threads; the name in field 2 may hold spaces and is cut off.
      guard let fields = ProcessMeter.fields(pid), fields.count > 17 else { continue }
      reading.cpu += ((Double(fields[11]) ?? 0) + (Double(fields[12]) ?? 0)) / ProcessMeter.ticksPerSecond
      reading.threads += Int(fields[17]) ?? 0
      reading.resident += ProcessMeter.resident(pid)
    }
    return reading
  }

  private func tree() -> [Int] {
    let all = ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int($0) }
    var children: [Int: [Int]] = [:]
    for process in all {
      if let fields = ProcessMeter.fields(process), fields.count > 1, let parent = Int(fields[1]) {
        children[parent, default: []].append(process)
      }
    }
    var found = [pid]
    var index = 0
    while index < found.count {
      found += children[found[index]] ?? []
      index += 1
    }
    return found
  }

  /// The fields behind the name, from the third.
  private static func fields(_ pid: Int) -> [Substring]? {
    guard let text = ProcFile.text("/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    return text[text.index(after: end)...].split(separator: " ")
  }

  private static func resident(_ pid: Int) -> Int {
    let words = ProcFile.line("VmRSS:", of: "/proc/\(pid)/status")?.split(whereSeparator: \.isWhitespace) ?? []
    return words.count > 1 ? (Int(words[1]) ?? 0) * 1_024 : 0
  }
}

import Foundation

/// Files of /proc and /sys.
enum ProcFile {
  static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  static func number(_ path: String) -> Int? {
    text(path).flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  /// The first line that begins so.
  static func line(_ start: String, of path: String) -> String? {
    text(path)?.split(separator: "\n").first { $0.hasPrefix(start) }.map(String.init)
  }

  /// Datagrams that the kernel has dropped because a UDP socket's owner did not read in time, by local port.
  static func drops() -> [UInt16: Int] {
    var sums: [UInt16: Int] = [:]
    for path in ["/proc/net/udp", "/proc/net/udp6"] {
      for line in (text(path) ?? "").split(separator: "\n").dropFirst() {
        let fields = line.split(separator: " ", omittingEmptySubsequences: true)
        guard fields.count >= 13, let colon = fields[1].lastIndex(of: ":"),
          let port = UInt16(fields[1][fields[1].index(after: colon)...], radix: 16),
          let drops = fields.last.flatMap({ Int($0) })
        else { continue }
        sums[port, default: 0] += drops
      }
    }
    return sums
  }
}

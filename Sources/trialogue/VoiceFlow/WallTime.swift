import Foundation

/// A time as people write it on a command line.
enum WallTime {
  /// `2026-12-24T20:00`, with seconds or without them; `Z` or `+01:00` behind it goes before `zone`. Seconds since 1970.
  static func parse(_ text: String, zone: TimeZone) -> Int64? {
    var local = text
    var offset: Int?
    if local.hasSuffix("Z") {
      local.removeLast()
      offset = 0
    } else if let sign = local.dropFirst(11).firstIndex(where: { $0 == "+" || $0 == "-" }) {
      let parts = local[local.index(after: sign)...].split(separator: ":").map { Int($0) }
      guard parts.count == 2, let hours = parts[0], let minutes = parts[1], (0...14).contains(hours),
        (0...59).contains(minutes)
      else { return nil }
      offset = (hours * 60 + minutes) * (local[sign] == "-" ? -60 : 60)
      local = String(local[..<sign])
    }
    let format = local.filter { $0 == ":" }.count == 1 ? local + ":00" : local
    let style = Date.ISO8601FormatStyle(timeZone: offset.flatMap { TimeZone(secondsFromGMT: $0) } ?? zone)
      .year().month().day().time(includingFractionalSeconds: false)
    return (try? style.parse(format)).map { Int64($0.timeIntervalSince1970) }
  }
}

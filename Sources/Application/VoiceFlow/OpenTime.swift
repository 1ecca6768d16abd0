/// From when to when something is open, on the clock on the wall.
package struct OpenTime: Hashable, Sendable {
  /// Of the day that it begins on; beyond 1,440 it lasts until the next day.
  package let minutes: Range<Int>

  /// `9:00-18:30`; `22:00-02:00` ends on the next day, `00:00-24:00` is the whole day. Nil if it is none of these.
  package init?(_ text: String) {
    let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Self.minute($0) }
    guard ends.count == 2, let from = ends[0], let to = ends[1], from < 1_440, from != to else { return nil }
    minutes = from..<(to > from ? to : to + 1_440)
  }

  private static func minute(_ text: Substring) -> Int? {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, (1...2).contains(parts[0].utf8.count), parts[1].utf8.count == 2,
      parts.allSatisfy({ $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }), let hour = Int(parts[0]),
      let minute = Int(parts[1]), minute < 60, hour < 24 || (hour == 24 && minute == 0)
    else { return nil }
    return hour * 60 + minute
  }
}

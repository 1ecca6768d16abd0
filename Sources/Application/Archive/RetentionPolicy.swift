#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How long recordings are kept, room by room. The empty policy keeps everything for ever.
package struct RetentionPolicy: Hashable, Sendable {
  package struct Rule: Hashable, Sendable {
    package var pattern: NamePattern
    /// Nil: for ever.
    package var days: Int?
    package init(pattern: NamePattern, days: Int?) {
      self.pattern = pattern
      self.days = days
    }
  }

  /// The first whose pattern fits the room decides.
  package var rules: [Rule]
  /// Of every other room; nil: for ever.
  package var days: Int?

  package init(rules: [Rule] = [], days: Int? = nil) {
    self.rules = rules
    self.days = days
  }

  func days(of room: String) -> Int? {
    guard let rule = rules.first(where: { $0.pattern.matches(room) }) else { return days }
    return rule.days
  }

  /// RFC 3339: what began before this is older than so many days. Nil if `now` is no time.
  func cutoff(days: Int, before now: String) -> String? {
    guard let date = try? Date(now, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
      return nil
    }
    return SystemTime.timestamp(date.addingTimeInterval(-86_400 * Double(days)))
  }
}

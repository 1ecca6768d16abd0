/// A day of the week, as business hours name it.
package enum Weekday: String, Hashable, Sendable, CaseIterable {
  case monday = "mon"
  case tuesday = "tue"
  case wednesday = "wed"
  case thursday = "thu"
  case friday = "fri"
  case saturday = "sat"
  case sunday = "sun"

  /// 1970-01-01 was a Thursday.
  package init(daysSince1970 days: Int64) {
    let index = Int((days &+ 3) &- (days &+ 3).flooredQuotient(by: 7) &* 7)
    self = Self.allCases.indices.contains(index) ? Self.allCases[index] : .monday
  }

  /// `mon`, `mon-fri`, `sat-mon`; nil if it is none of these.
  package static func days(_ text: String) -> [Weekday]? {
    let names = text.split(separator: "-", omittingEmptySubsequences: false).map { Weekday(rawValue: $0.lowercased()) }
    guard let first = names.first, let first, let last = names.last, let last, names.count <= 2,
      let from = allCases.firstIndex(of: first), let to = allCases.firstIndex(of: last)
    else { return nil }
    return from <= to ? Array(allCases[from...to]) : Array(allCases[from...] + allCases[...to])
  }
}

/// A day that business hours make an exception of.
package struct Holiday: Hashable, Sendable {
  /// Nil: every year.
  package let year: Int?
  package let month: Int
  package let day: Int

  package init(year: Int?, month: Int, day: Int) {
    self.year = year
    self.month = month
    self.day = day
  }

  /// `12-25`, or `2026-12-24` for that year alone; nil if it is none of these.
  package init?(_ text: String) {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { part in
      part.utf8.allSatisfy { (0x30...0x39).contains($0) } ? Int(part) : nil
    }
    guard numbers.count == parts.count, (2...3).contains(numbers.count) else { return nil }
    let (month, day) = (numbers[numbers.count - 2], numbers[numbers.count - 1])
    guard (1...12).contains(month), (1...CalendarDate.days(inMonth: month)).contains(day) else { return nil }
    if numbers.count == 3, !(1_970...9_999).contains(numbers[0]) { return nil }
    self.init(year: numbers.count == 3 ? numbers[0] : nil, month: month, day: day)
  }
}

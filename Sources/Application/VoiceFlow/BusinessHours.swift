import Foundation

/// When a business is open, on the clock of its time zone: by the day of the week, and by holidays, which go before it.
package struct BusinessHours: Hashable, Sendable {
  /// Holidays of one list at most.
  package static let maximumHolidays = 1_000
  /// Times of one day at most.
  package static let maximumTimes = 24

  package let zone: TimeZone
  /// By the day of the week; a day that is not here is closed.
  package var week: [Weekday: [OpenTime]]
  /// By the day of the calendar; without times it is closed.
  package var holidays: [Holiday: [OpenTime]]

  /// Nil for a name that is in no list of time zones, such as `Europe/Berlin`.
  package init?(zone name: String, week: [Weekday: [OpenTime]] = [:], holidays: [Holiday: [OpenTime]] = [:]) {
    guard let zone = TimeZone(identifier: name) else { return nil }
    self.zone = zone
    self.week = week
    self.holidays = holidays
  }

  /// - Parameter unixTime: seconds.
  package func isOpen(at unixTime: Int64) -> Bool {
    let offset = zone.secondsFromGMT(for: Date(timeIntervalSince1970: Double(unixTime)))
    let local = unixTime.addingReportingOverflow(Int64(offset)).partialValue
    let day = local.flooredQuotient(by: 86_400)
    let minute = Int((local &- day &* 86_400) / 60)
    // What began yesterday may last beyond midnight.
    return times(of: day).contains { $0.minutes.contains(minute) }
      || times(of: day - 1).contains { $0.minutes.contains(minute + 1_440) }
  }

  /// - Parameter day: since 1970-01-01.
  private func times(of day: Int64) -> [OpenTime] {
    let date = CalendarDate(daysSince1970: day)
    return holidays[Holiday(year: date.year, month: date.month, day: date.day)]
      ?? holidays[Holiday(year: nil, month: date.month, day: date.day)] ?? week[Weekday(daysSince1970: day)] ?? []
  }
}

import Application

/// Reads business hours.
///
/// ```yaml
/// time_zone: Europe/Berlin
/// open: {mon-fri: "9:00-18:00", sat: ["9:00-12:00", "13:00-16:00"]}
/// holidays: ["12-25", "12-26", "2026-12-24 9:00-12:00"]
/// ```
enum HoursReader {
  /// Schedules of one file at most.
  static let maximumSchedules = 100

  /// A mapping of names.
  static func readAll(_ section: SectionReader) -> [String: BusinessHours] {
    let names = section.keys
    if names.count > maximumSchedules { section.problem(names[0], "are more than \(maximumSchedules) business hours") }
    var all: [String: BusinessHours] = [:]
    for name in names.prefix(maximumSchedules) { all[name] = read(section.section(name)) }
    return all
  }

  private static func read(_ section: SectionReader) -> BusinessHours? {
    let zone = section.string("time_zone", default: "UTC")
    let days = section.section("open")
    let exceptions = section.strings("holidays", default: [])
    section.finish()
    guard var hours = BusinessHours(zone: zone) else {
      section.problem("time_zone", "'\(zone)' is no time zone; write 'Europe/Berlin', or UTC")
      return nil
    }
    for key in days.keys {
      let times = times(days.list(key), days, key)
      guard let weekdays = Weekday.days(key) else {
        days.problem(key, "is no day; write mon, tue, wed, thu, fri, sat, sun, or mon-fri")
        continue
      }
      for day in weekdays { hours.week[day, default: []] += times }
    }
    if days.keys.isEmpty { section.problem("open", "is missing; write 'open: {mon-fri: \"9:00-18:00\"}'") }
    if hours.week.values.contains(where: { $0.count > BusinessHours.maximumTimes }) {
      section.problem("open", "has more than \(BusinessHours.maximumTimes) times a day")
    }
    if exceptions.count > BusinessHours.maximumHolidays {
      section.problem("holidays", "are more than \(BusinessHours.maximumHolidays)")
    }
    for text in exceptions.prefix(BusinessHours.maximumHolidays) {
      let words = text.split(separator: " ")
      guard let first = words.first, let day = Holiday(String(first)) else {
        section.problem("holidays", "'\(text)' is no day; write '12-25', or '2026-12-24 9:00-12:00'")
        continue
      }
      hours.holidays[day] = times(words.dropFirst().map(String.init), section, "holidays")
    }
    return hours
  }

  private static func times(_ texts: [String], _ section: SectionReader, _ key: String) -> [OpenTime] {
    texts.prefix(BusinessHours.maximumTimes).compactMap { text in
      if let time = OpenTime(text) { return time }
      section.problem(key, "'\(text)' is no time; write '9:00-18:00'")
      return nil
    }
  }
}

import Application
import Foundation
import Testing

@Suite struct BusinessHoursTests {
  /// On the clock of UTC.
  static func unix(_ text: String) throws -> Int64 {
    Int64(try Date("\(text):00Z", strategy: .iso8601).timeIntervalSince1970)
  }

  static func time(_ text: String) throws -> OpenTime { try #require(OpenTime(text)) }

  static func shop() throws -> BusinessHours {
    var hours = try #require(BusinessHours(zone: "Europe/Berlin"))
    for day in try #require(Weekday.days("mon-fri")) {
      hours.week[day] = [try time("9:00-12:00"), try time("13:00-18:00")]
    }
    hours.week[.saturday] = [try time("22:00-02:00")]
    hours.holidays[try #require(Holiday("12-25"))] = []
    hours.holidays[try #require(Holiday("2026-12-24"))] = [try time("9:00-12:00")]
    return hours
  }

  /// Berlin is an hour before UTC in winter, two in summer. 24 November 2026 is a Tuesday.
  @Test(arguments: [
    ("2026-11-24T07:59", false), ("2026-11-24T08:00", true), ("2026-11-24T10:59", true), ("2026-11-24T11:00", false),
    ("2026-11-24T12:00", true), ("2026-11-24T16:59", true), ("2026-11-24T17:00", false),
    ("2026-07-21T06:59", false), ("2026-07-21T07:00", true), ("2026-07-21T16:00", false),
    // The clock goes forward on Sunday the 29th: Monday's nine is an hour earlier than Friday's.
    ("2026-03-27T07:30", false), ("2026-03-30T07:30", true),
    // From Saturday's ten in the evening until two on Sunday, and no other night.
    ("2026-11-28T20:59", false), ("2026-11-28T21:00", true), ("2026-11-28T23:30", true), ("2026-11-29T00:59", true),
    ("2026-11-29T01:00", false), ("2026-11-27T23:30", false), ("2026-11-29T12:00", false),
    // A holiday of this year is open in the morning; one of each year is closed in each.
    ("2026-12-24T08:30", true), ("2026-12-24T12:30", false), ("2027-12-24T12:30", true),
    ("2026-12-25T08:30", false), ("2028-12-25T08:30", false), ("1968-12-25T08:30", false), ("1968-12-24T08:30", true),
  ])
  func itIsOpenByTheClockOfItsZone(_ time: String, _ isOpen: Bool) throws {
    #expect(try Self.shop().isOpen(at: try Self.unix(time)) == isOpen)
  }

  @Test func noNumberIsTooLarge() throws {
    let shop = try Self.shop()
    for time in [Int64.min, .max, -1, 0] { _ = shop.isOpen(at: time) }
    #expect(CalendarDate(daysSince1970: .max).year > 2_000_000 && CalendarDate(daysSince1970: .min).year < 0)
  }

  @Test func daysOfTheCalendarAreThoseOfEverybody() throws {
    var calendar = Calendar(identifier: .gregorian)
    calendar.timeZone = .gmt
    for day in stride(from: Int64(-100_000), through: 200_000, by: 97) {
      let date = Date(timeIntervalSince1970: Double(day) * 86_400)
      let parts = calendar.dateComponents([.year, .month, .day, .weekday], from: date)
      let ours = CalendarDate(daysSince1970: day)
      // The Gregorian calendar goes back without a gap here.
      guard day > -140_000 else { continue }
      #expect(ours.year == parts.year && ours.month == parts.month && ours.day == parts.day)
      #expect(Weekday.allCases.firstIndex(of: Weekday(daysSince1970: day)) == ((parts.weekday ?? 0) + 5) % 7)
    }
  }

  @Test(arguments: [
    "", "9-18", "9:00", "9:00-9:00", "9:0-10:00", "25:00-26:00", "24:00-25:00", "9:60-10:00", "9:00-24:01",
    "9:00–18:00",
    "-9:00-10:00", "9:00-10:00-11:00", "١:00-2:00", "+9:00-10:00",
  ])
  func whatIsNoTimeIsNone(_ text: String) { #expect(OpenTime(text) == nil) }

  @Test func timesMayEndAtMidnightAndBeyond() throws {
    #expect(try Self.time("00:00-24:00").minutes == 0..<1_440)
    #expect(try Self.time("22:00-02:00").minutes == 1_320..<1_560)
  }

  @Test(arguments: ["", "1", "13-01", "02-30", "12-00", "2026-02-30", "26-12-24", "12-25-1", "a-b", "-12-25", "12--25"])
  func whatIsNoHolidayIsNone(_ text: String) { #expect(Holiday(text) == nil) }

  @Test func daysHaveNamesAndRanges() {
    #expect(Weekday.days("Mon") == [.monday])
    #expect(Weekday.days("fri-mon") == [.friday, .saturday, .sunday, .monday])
    for text in ["", "monday", "mon-", "mon-fri-sun", "m"] { #expect(Weekday.days(text) == nil) }
    #expect(BusinessHours(zone: "Europe/Atlantis") == nil)
  }
}

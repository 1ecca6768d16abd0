#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How the index counts recordings: by the millisecond of their start, and up from there. A list by start is a list by
/// number, which every table and the full text can give without sorting.
enum RecordingNumber {
  /// Recordings that may begin in one millisecond before they borrow from the next.
  static let perMillisecond: Int64 = 4_096

  /// Milliseconds since 1970 that fit.
  private static let latest = 1e15

  /// The numbers of recordings that began in the millisecond that RFC 3339 text tells; those of 1970 for what is no
  /// time.
  static func bounds(of started: String) -> Range<Int64> {
    let first = first(at: started) ?? 0
    return first..<(first + perMillisecond)
  }

  /// The least number of a recording that began then or later.
  static func first(at time: String) -> Int64? {
    guard let date = try? Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
      return nil
    }
    let milliseconds = (date.timeIntervalSince1970 * 1_000).rounded()
    return Int64(min(max(milliseconds, 0), latest)) * perMillisecond
  }
}

import Application
import Primitives
import Synchronization

/// Two clocks that stand until a test moves them: the wall clock starts on 24 November 2026 at noon.
final class CalendarTime: Timekeeping {
  private let milliseconds = Mutex<Int64>(0)

  var now: Instant { Instant.zero.advanced(byMilliseconds: 5_000 + milliseconds.withLock { $0 }) }

  var timestamp: String {
    let passed = milliseconds.withLock { $0 }
    func padded(_ value: Int64, _ count: Int) -> String {
      let text = String(value)
      return String(repeating: "0", count: max(0, count - text.count)) + text
    }
    return "2026-11-24T12:\(padded(passed / 60_000, 2)):\(padded(passed / 1_000 % 60, 2)).\(padded(passed % 1_000, 3))Z"
  }

  /// 24 November 2026 at noon.
  var unixTime: Int64 { 1_795_521_600 + milliseconds.withLock { $0 } / 1_000 }

  func advance(seconds: Double) { milliseconds.withLock { $0 += Int64(seconds * 1_000) } }
}

import CLinux

/// Wakes a thread that waits for work (eventfd); the signal is remembered if nobody waits.
final class WakeUp: Sendable {
  private let event: Int32

  init() throws(SystemError) { event = try SystemError.check(clinux_event_open(), "open eventfd") }

  deinit { clinux_close(event) }

  func signal() { clinux_event_signal(event) }

  /// Waits for a signal, for at most so many milliseconds.
  func wait(milliseconds: Int) { clinux_event_wait(event, Int32(clamping: milliseconds)) }
}

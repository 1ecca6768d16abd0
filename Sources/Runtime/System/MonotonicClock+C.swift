import CLinux
import Primitives

/// The system's monotonic clock: the only source of `Instant`s in the running server.
package enum MonotonicClock {
  package static var now: Instant { Instant(nanoseconds: clinux_monotonic_time()) }

  /// Sleeps the calling thread to an absolute time, so that delays do not add up. Never from async code.
  package static func sleep(until deadline: Instant) { clinux_sleep_until(deadline.nanoseconds) }

  /// Nanoseconds of CPU time that the calling thread has used.
  static var threadTime: Int64 { clinux_thread_time() }

  /// Nanoseconds since 1970 by the system's wall clock, which may jump.
  package static var wallTime: Int64 { clinux_wall_time() }
}

import Conference
import Primitives

/// How the system's wall clock stands to its monotonic clock: for RTCP sender reports and the kernel's receive times.
///
/// A value; read it anew now and then, because the wall clock is set by others.
package struct ClockRelation: Hashable, Sendable {
  /// Wall time minus monotonic time, in nanoseconds.
  package var offset: Int64

  package init(offset: Int64) { self.offset = offset }

  /// The relation of the two clocks right now.
  package static func read() -> ClockRelation {
    let before = MonotonicClock.now.nanoseconds
    let wall = MonotonicClock.wallTime
    let after = MonotonicClock.now.nanoseconds
    return ClockRelation(offset: wall &- (before &+ (after &- before) / 2))
  }

  /// Nanoseconds since 1970-01-01 00:00 UTC.
  package func unixNanoseconds(at instant: Instant) -> Int64 { instant.nanoseconds &+ offset }

  /// The monotonic time of a wall time in nanoseconds since 1970.
  package func instant(unixNanoseconds: Int64) -> Instant { Instant(nanoseconds: unixNanoseconds &- offset) }

  /// The clock that rooms put into their sender reports: NTP counts seconds since 1900 in its upper 32 bits (RFC 5905,
  /// section 6).
  package var wallClock: WallClock {
    let (quotient, remainder) = offset.quotientAndRemainder(dividingBy: 1_000_000_000)
    let seconds = remainder < 0 ? quotient &- 1 : quotient
    let nanoseconds = UInt64(remainder < 0 ? remainder &+ 1_000_000_000 : remainder)
    let since1900 = UInt64(truncatingIfNeeded: seconds &+ 2_208_988_800) & 0xFFFF_FFFF
    return WallClock(ntpAtZero: since1900 << 32 | (nanoseconds << 32) / 1_000_000_000)
  }
}

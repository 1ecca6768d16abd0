import Primitives

/// Relates the monotonic clock to NTP time (RFC 3550, section 4), for sender reports.
///
/// Without knowledge of the wall clock NTP counts from the process's start, as RFC 3550, section 6.4.1 allows.
package struct WallClock: Hashable, Sendable {
  /// NTP time, seconds in the upper and fractions in the lower 32 bits, at `Instant.zero`.
  package var ntpAtZero: UInt64

  package init(ntpAtZero: UInt64 = 0) { self.ntpAtZero = ntpAtZero }

  package func ntp(at instant: Instant) -> UInt64 {
    let nanoseconds = UInt64(max(instant.nanoseconds, 0))
    let seconds = nanoseconds / 1_000_000_000
    let fraction = ((nanoseconds % 1_000_000_000) << 32) / 1_000_000_000
    return ntpAtZero &+ (seconds << 32 | fraction)
  }
}

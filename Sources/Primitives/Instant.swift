/// A point on the server's monotonic clock, in nanoseconds since an epoch that only the process knows.
///
/// Time enters every machine of floors 0 to 2 as a value of this type, so that tests can run hours in an instant.
package struct Instant: Hashable, Comparable, Sendable, Codable {
  /// Nanoseconds since the process's epoch.
  package var nanoseconds: Int64

  @inlinable package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

  /// The epoch; the natural start of virtual time.
  package static let zero = Instant(nanoseconds: 0)
  /// Later than every deadline: "never".
  package static let distantFuture = Instant(nanoseconds: .max)

  @inlinable package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

  /// The instant `nanoseconds` later; stays at the ends of the range instead of wrapping.
  @inlinable package func advanced(byNanoseconds nanoseconds: Int64) -> Instant {
    let (sum, overflow) = self.nanoseconds.addingReportingOverflow(nanoseconds)
    return Instant(nanoseconds: overflow ? (nanoseconds < 0 ? .min : .max) : sum)
  }

  @inlinable package func advanced(byMilliseconds milliseconds: Int64) -> Instant {
    let (nanoseconds, overflow) = milliseconds.multipliedReportingOverflow(by: 1_000_000)
    return advanced(byNanoseconds: overflow ? (milliseconds < 0 ? .min : .max) : nanoseconds)
  }

  package static func + (instant: Instant, duration: Duration) -> Instant {
    instant.advanced(byNanoseconds: duration.nanoseconds)
  }

  package static func - (instant: Instant, duration: Duration) -> Instant {
    let nanoseconds = duration.nanoseconds
    return instant.advanced(byNanoseconds: nanoseconds == .min ? .max : -nanoseconds)
  }

  /// Nanoseconds from `earlier` to this instant; negative if `earlier` is later. Saturates.
  @inlinable package func nanoseconds(since earlier: Instant) -> Int64 {
    let (difference, overflow) = nanoseconds.subtractingReportingOverflow(earlier.nanoseconds)
    return overflow ? (nanoseconds < 0 ? .min : .max) : difference
  }

  /// Milliseconds from `earlier` to this instant, as a fraction.
  @inlinable package func milliseconds(since earlier: Instant) -> Double {
    Double(nanoseconds(since: earlier)) / 1e6
  }
}

extension Duration {
  /// The duration in nanoseconds, saturated to 64 bits (292 years).
  package var nanoseconds: Int64 {
    let (seconds, attoseconds) = components
    let (whole, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
    if overflow { return seconds < 0 ? .min : .max }
    let (sum, overflowed) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
    return overflowed ? (seconds < 0 ? .min : .max) : sum
  }
}

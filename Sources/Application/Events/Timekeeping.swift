import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The two clocks of floors 4 and 5: monotonic for machines, wall clock for people.
package protocol Timekeeping: Sendable {
  var now: Instant { get }
  /// RFC 3339 in UTC with milliseconds.
  var timestamp: String { get }
  /// Seconds since 1970, for tokens and signatures.
  var unixTime: Int64 { get }
}

/// The machine's clocks.
package struct SystemTime: Timekeeping {
  private let start = ContinuousClock.now
  package init() {}

  package var now: Instant { Instant(nanoseconds: (ContinuousClock.now - start).nanoseconds) }

  package var timestamp: String { SystemTime.timestamp(Date()) }

  package var unixTime: Int64 { Int64(Date().timeIntervalSince1970) }

  package static func timestamp(_ date: Date) -> String {
    date.formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true))
  }
}

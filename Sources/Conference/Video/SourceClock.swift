import Primitives
import RTP

/// When the pictures of a source were taken: on its sender's clock, by sender reports, and on ours, by arrival.
struct SourceClock: Sendable {
  private struct Report: Sendable {
    var ntp: UInt64
    var timestamp: UInt32
  }

  private var report: Report?
  private var arrival: (at: Instant, timestamp: Int64)?

  mutating func receive(_ report: SenderReport) { self.report = Report(ntp: report.ntp, timestamp: report.timestamp) }

  mutating func receive(timestamp: Int64, at now: Instant) {
    if let arrival, timestamp <= arrival.timestamp { return }
    arrival = (now, timestamp)
  }

  /// The timestamp that a picture taken at `now` would have, as far as arrivals tell; nil before the first.
  func timestamp(at now: Instant) -> Int64? {
    guard let arrival else { return nil }
    return arrival.timestamp &+ Self.ticks(now.nanoseconds(since: arrival.at))
  }

  /// When a picture was taken on the sender's clock, in ticks of 90 kHz that wrap; nil before the first sender report.
  func captureTicks(_ timestamp: Int64) -> Int64? {
    guard let report else { return nil }
    // 32.32 bits of seconds, 90,000 a second: seconds and fraction apart, so that nothing overflows.
    let seconds = Int64(report.ntp >> 32) &* Int64(VideoCodec.clockRate)
    let fraction = Int64((report.ntp & 0xFFFF_FFFF) &* UInt64(VideoCodec.clockRate) >> 32)
    let behind = Int32(bitPattern: UInt32(truncatingIfNeeded: timestamp) &- report.timestamp)
    return seconds &+ fraction &+ Int64(behind)
  }

  static func ticks(_ nanoseconds: Int64) -> Int64 { nanoseconds / 1_000 &* 9 / 100 }
}

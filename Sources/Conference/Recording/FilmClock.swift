import Primitives
import RTP

/// When the pictures of one stream were taken, on our clock: as far apart as their timestamps say, and as early as the
/// quickest of them came.
struct FilmClock: Sendable {
  /// Nanoseconds; what differs more is no jitter: the stream has jumped.
  static let maximumDifference: Int64 = 250_000_000
  /// Of what a picture is late, the share that counts as drift of the sender's clock.
  static let drift: Int64 = 64

  private var last: (timestamp: Int64, at: Instant)?

  /// Call it once for each frame, in order.
  mutating func time(of timestamp: Int64, arrival: Instant) -> Instant {
    guard let known = last else {
      last = (timestamp, arrival)
      return arrival
    }
    // At 90 kHz a tick is 100,000 / 9 ns.
    let step = (timestamp &- known.timestamp) &* 100_000 / 9
    let expected = Instant(nanoseconds: known.at.nanoseconds &+ step)
    let late = arrival.nanoseconds(since: expected)
    var time = expected
    if late < 0 || late > Self.maximumDifference {
      time = arrival
    } else {
      time = expected.advanced(byNanoseconds: late / Self.drift)
    }
    last = (timestamp, time)
    return time
  }
}

import Application
import Primitives
import Synchronization

/// A clock that stands until a test moves it.
final class VirtualTime: Timekeeping {
  private let instant = Mutex(Instant.zero + .seconds(1_000))

  var now: Instant { instant.withLock { $0 } }
  var timestamp: String { "t\(now.nanoseconds / 1_000_000)" }

  /// The clock on the wall began long before.
  var unixTime: Int64 { 1_800_000_000 + now.nanoseconds / 1_000_000_000 }

  func advance(_ duration: Duration) { instant.withLock { $0 = $0 + duration } }
  func set(_ now: Instant) { instant.withLock { $0 = now } }
}

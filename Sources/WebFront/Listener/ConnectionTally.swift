import NIOCore
import Primitives
import Synchronization

/// Counts the connections of a web listener, in all and by source, and says who is one too many.
package final class ConnectionTally: Sendable {
  /// Caps and deadlines of connections.
  package struct Limits: Hashable, Sendable {
    package var connections = 10_000
    package var connectionsPerSource = 256
    /// From the acceptance to the first octets of the first request, TLS included.
    package var firstRequestDeadline = Duration.seconds(32)
    /// Without a request a connection is closed after this.
    package var idleDeadline = Duration.seconds(75)
    package init() {}
  }

  enum Admission: Hashable, Sendable {
    case admitted
    /// Over a cap: gets 503 as an answer, nothing else.
    case crowded
    /// Far over: gets nothing.
    case refused
  }

  private struct Count {
    var all = 0
    var sources: [IPAddress: Int] = [:]
    var refused: UInt64 = 0
  }

  package let limits: Limits
  private let count = Mutex(Count())

  package init(limits: Limits = Limits()) { self.limits = limits }

  /// Connections now open, and those that were refused.
  package var state: (open: Int, refused: UInt64) { count.withLock { ($0.all, $0.refused) } }

  /// Counts a connection until its end.
  func enter(_ channel: any Channel) -> Admission {
    // Those without an address share one.
    let source = channel.remoteAddress.flatMap { $0.ipAddress }.flatMap { IPAddress($0)?.unmapped } ?? .anyV4
    let admission = enter(source)
    if admission != .refused { channel.closeFuture.whenComplete { [self] _ in leave(source) } }
    return admission
  }

  func enter(_ source: IPAddress) -> Admission {
    count.withLock { count in
      let own = count.sources[source] ?? 0
      let isOver = own >= limits.connectionsPerSource || count.all >= limits.connections
      if isOver { count.refused &+= 1 }
      if own >= 2 * limits.connectionsPerSource || count.all >= 2 * limits.connections { return .refused }
      count.all += 1
      count.sources[source] = own + 1
      return isOver ? .crowded : .admitted
    }
  }

  func leave(_ source: IPAddress) {
    count.withLock { count in
      count.all -= 1
      let left = (count.sources[source] ?? 0) - 1
      count.sources[source] = left > 0 ? left : nil
    }
  }
}

import Application
import Synchronization

/// The way of events to the user, in order, with the number of those that wait.
///
/// The stream itself has no bound: the driver stops beginning new things when too many wait, and what has begun is bounded
/// by the tables of transactions.
final class EventQueue: Sendable {
  let stream: AsyncStream<SignallingEvent>
  private let continuation: AsyncStream<SignallingEvent>.Continuation
  private let count = Atomic<Int>(0)

  init() {
    (stream, continuation) = AsyncStream.makeStream(of: SignallingEvent.self, bufferingPolicy: .unbounded)
  }

  var waiting: Int { count.load(ordering: .relaxed) }

  func append(_ event: SignallingEvent) {
    count.wrappingAdd(1, ordering: .relaxed)
    continuation.yield(event)
  }

  /// The user is done with one event.
  func consumed() { count.wrappingSubtract(1, ordering: .relaxed) }

  func finish() { continuation.finish() }
}

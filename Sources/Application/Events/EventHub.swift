/// Hands the server's events to everybody who listens: event stream, webhooks, console, CLI.
///
/// A slow listener loses its oldest events, never delays anybody. Who comes back gets what it has missed, as far as it is
/// still kept; the identifiers tell both whether something is missing.
package actor EventHub {
  /// Events that are kept for who comes back; from time to time it is twice as many.
  package static let kept = 2_048
  /// Events that wait for a listener.
  private static let capacity = 3 * kept

  private var last: UInt64
  private var recent: [ServerEvent] = []
  private var listeners: [UInt64: AsyncStream<ServerEvent>.Continuation] = [:]
  private var nextListener: UInt64 = 0
  private let clock: any Timekeeping

  /// - Parameter first: the identifier of the first event. Greater than any of an earlier run, so that who comes back
  ///   after a restart is not taken for one who has missed nothing.
  package init(clock: any Timekeeping, first: UInt64 = 1) {
    self.clock = clock
    self.last = first &- 1
  }

  package func emit(_ name: String, _ values: [String: String]) {
    last &+= 1
    let event = ServerEvent(id: last, time: clock.timestamp, name: name, values: values)
    recent.append(event)
    if recent.count >= 2 * Self.kept { recent.removeFirst(Self.kept) }
    for continuation in listeners.values { continuation.yield(event) }
  }

  /// Everything from now on; with `after` also what came after the event of that identifier. If that is no longer known, all
  /// that is kept comes behind a `gap`.
  package func listen(after: UInt64? = nil) -> AsyncStream<ServerEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: ServerEvent.self, bufferingPolicy: .bufferingNewest(Self.capacity))
    if let after { resume(continuation, after: after) }
    let id = nextListener
    nextListener += 1
    listeners[id] = continuation
    continuation.onTermination = { [weak self] _ in
      guard let self else { return }
      Task { await self.forget(id) }
    }
    return stream
  }

  private func resume(_ continuation: AsyncStream<ServerEvent>.Continuation, after: UInt64) {
    let before = recent.first.map { $0.id &- 1 } ?? last
    if !(before...last).contains(after) {
      continuation.yield(.gap(before: before &+ 1, time: clock.timestamp))
    }
    let known = (before...last).contains(after) ? after : before
    for event in recent where event.id > known { continuation.yield(event) }
  }

  private func forget(_ id: UInt64) { listeners[id] = nil }
}

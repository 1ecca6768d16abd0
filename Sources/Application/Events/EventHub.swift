/// Hands the server's events to everybody who listens: event stream, webhooks, console, CLI.
///
/// A slow listener loses its oldest events, never delays anybody.
package actor EventHub {
  private static let capacity = 1_024
  private var last: UInt64 = 0
  private var listeners: [UInt64: AsyncStream<ServerEvent>.Continuation] = [:]
  private var nextListener: UInt64 = 0
  private let clock: any Timekeeping

  package init(clock: any Timekeeping) { self.clock = clock }

  package func emit(_ name: String, _ values: [String: String]) {
    last += 1
    let event = ServerEvent(id: last, time: clock.timestamp, name: name, values: values)
    for continuation in listeners.values { continuation.yield(event) }
  }

  package func listen() -> AsyncStream<ServerEvent> {
    let (stream, continuation) = AsyncStream.makeStream(
      of: ServerEvent.self, bufferingPolicy: .bufferingNewest(Self.capacity))
    let id = nextListener
    nextListener += 1
    listeners[id] = continuation
    continuation.onTermination = { [weak self] _ in
      guard let self else { return }
      Task { await self.forget(id) }
    }
    return stream
  }

  private func forget(_ id: UInt64) { listeners[id] = nil }
}

import Primitives

/// Asks one source for key frames: what many watchers want at once is one request, and requests keep their distance.
package struct KeyFrameRequests: Sendable {
  /// Nanoseconds between two requests; doubled with each one that stays without answer.
  package static let interval: Int64 = 500_000_000
  /// Requests without an answer after which we wait to be asked again.
  package static let maximumAttempts = 8

  private enum State: Sendable {
    case idle
    case wanted(next: Instant, attempts: Int)
  }

  private var state = State.idle
  private var lastSent: Instant?

  package init() {}

  /// When a request should go.
  package var deadline: Instant? {
    switch state {
    case .idle: nil
    case .wanted(let next, _): next
    }
  }

  /// A watcher needs a key frame.
  package mutating func want(at now: Instant) {
    guard case .idle = state else { return }
    let earliest = lastSent.map { $0.advanced(byNanoseconds: Self.interval) } ?? now
    state = .wanted(next: max(now, earliest), attempts: 0)
  }

  /// A key frame begins: whoever waited has it.
  package mutating func keyFrame() { state = .idle }

  /// Whether to send a request now.
  package mutating func timeout(at now: Instant) -> Bool {
    guard case .wanted(let next, let attempts) = state, next <= now else { return false }
    guard attempts < Self.maximumAttempts else {
      state = .idle
      return false
    }
    lastSent = now
    let pause = Self.interval << Int64(min(attempts, 3))
    state = .wanted(next: now.advanced(byNanoseconds: pause), attempts: attempts &+ 1)
    return true
  }
}

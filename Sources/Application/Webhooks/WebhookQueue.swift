import Primitives

/// What one webhook has yet to be told: in order, one at a time, each tried again with growing pauses until it is taken or given
/// up. A machine without clock and sockets.
package struct WebhookQueue: Sendable {
  /// Events that wait; beyond it the oldest are lost and counted.
  package static let limit = 1_000
  /// Pauses double from the first to the longest; each is shortened by up to a half, so that not all come at once.
  static let firstPause = Duration.seconds(1)
  static let longestPause = Duration.seconds(300)

  package enum Stage: Hashable, Sendable {
    case idle
    case sending(WebhookDelivery)
    case resting(WebhookDelivery, until: Instant)
  }

  package let hook: Webhook
  package private(set) var stage = Stage.idle
  package private(set) var lost: UInt64 = 0
  private var waiting: [ServerEvent] = []
  /// Of the first in `waiting` that is still there.
  private var first = 0

  package init(_ hook: Webhook) { self.hook = hook }

  package var count: Int { waiting.count - first }

  /// When `begin` has something to do again; nil while it waits for an outcome or for events.
  package var deadline: Instant? {
    switch stage {
    case .idle, .sending: nil
    case .resting(_, let until): until
    }
  }

  package mutating func add(_ event: ServerEvent) {
    guard hook.wants(event.name) else { return }
    waiting.append(event)
    if count > Self.limit {
      first += 1
      lost &+= 1
    }
    if first > Self.limit { compact() }
  }

  /// What is to be sent now; its outcome is awaited from then on.
  package mutating func begin(at now: Instant) -> WebhookDelivery? {
    var delivery: WebhookDelivery
    switch stage {
    case .sending: return nil
    case .resting(let old, let until):
      guard until <= now else { return nil }
      delivery = old
    case .idle:
      guard first < waiting.count else { return nil }
      delivery = WebhookDelivery(hook: hook.name, event: waiting[first])
      first += 1
      if first == waiting.count { compact() }
    }
    delivery.attempts += 1
    stage = .sending(delivery)
    return delivery
  }

  /// The delivery whose outcome this is, and whether it is over.
  package mutating func end(
    _ outcome: WebhookOutcome, at now: Instant, random: inout RandomSource
  ) -> (delivery: WebhookDelivery, isOver: Bool)? {
    guard case .sending(let delivery) = stage else { return nil }
    if outcome.verdict == .again, delivery.attempts < hook.attempts {
      stage = .resting(delivery, until: now + Self.pause(after: delivery.attempts, random: &random))
      return (delivery, false)
    }
    stage = .idle
    return (delivery, true)
  }

  private static func pause(after attempts: Int, random: inout RandomSource) -> Duration {
    let whole = firstPause.nanoseconds << Int64(min(max(attempts - 1, 0), 16))
    let bounded = min(whole, longestPause.nanoseconds)
    return .nanoseconds(Int64.random(in: bounded / 2...bounded, using: &random))
  }

  private mutating func compact() {
    waiting.removeFirst(first)
    first = 0
  }
}

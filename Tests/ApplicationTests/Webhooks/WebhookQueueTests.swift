import Primitives
import Testing

@testable import Application

/// What a webhook is told, in which order, and how often: in virtual time.
@Suite struct WebhookQueueTests {
  private static let start = Instant.zero + .seconds(100)

  static func hook(_ events: Set<String>? = nil, attempts: Int = 4) throws -> Webhook {
    Webhook(
      name: "crm", address: try #require(WebhookAddress("https://crm.example/")), events: events,
      secret: Redacted("0123456789abcdef0123456789abcdef"), attempts: attempts)
  }

  private func event(_ id: UInt64, _ name: String = "call-start") -> ServerEvent {
    ServerEvent(id: id, time: "t", name: name, values: [:])
  }

  @Test func eventsGoOutInOrderOneAtATime() throws {
    var queue = WebhookQueue(try Self.hook())
    var random = RandomSource.seeded(1)
    for id: UInt64 in 1...3 { queue.add(event(id)) }
    for id: UInt64 in 1...3 {
      let delivery = queue.begin(at: Self.start)
      #expect(delivery?.event.id == id && delivery?.attempts == 1 && delivery?.id == "crm-\(id)")
      let none = queue.begin(at: Self.start)
      #expect(none == nil)
      let end = queue.end(.answered(status: 204), at: Self.start, random: &random)
      #expect(end?.isOver == true)
    }
    let empty = queue.begin(at: Self.start)
    let late = queue.end(.answered(status: 200), at: Self.start, random: &random)
    #expect(empty == nil && late == nil && queue.deadline == nil)
  }

  @Test func onlyWhatIsWantedIsTold() throws {
    var chosen = WebhookQueue(try Self.hook(["call-end", "talker"]))
    var all = WebhookQueue(try Self.hook())
    for name in ["call-start", "talker", "call-end", "chat"] {
      chosen.add(event(1, name))
      all.add(event(1, name))
    }
    #expect(chosen.count == 2 && all.count == 3)
  }

  @Test func whatFailsIsTriedAgainAfterPausesThatGrow() throws {
    var queue = WebhookQueue(try Self.hook(attempts: 12))
    var random = RandomSource.seeded(2)
    queue.add(event(1))
    queue.add(event(2))
    var now = Self.start
    for attempt in 1...11 {
      let delivery = queue.begin(at: now)
      #expect(delivery?.event.id == 1 && delivery?.attempts == attempt)
      let end = queue.end(.failed("no connection"), at: now, random: &random)
      #expect(end?.isOver == false)
      let deadline = try #require(queue.deadline)
      let longest = min(Int64(1) << Int64(attempt - 1), 300) * 1_000_000_000
      #expect((longest / 2...longest).contains(deadline.nanoseconds(since: now)))
      let early = queue.begin(at: deadline - .nanoseconds(1))
      #expect(early == nil)
      now = deadline
    }
    _ = queue.begin(at: now)
    let last = queue.end(.answered(status: 503), at: now, random: &random)
    #expect(last?.isOver == true && last?.delivery.attempts == 12)
    // What comes after it has its own tries.
    let next = queue.begin(at: now)
    #expect(next?.event.id == 2 && next?.attempts == 1)
  }

  @Test(arguments: [
    (WebhookOutcome.answered(status: 200), WebhookOutcome.Verdict.delivered), (.answered(status: 299), .delivered),
    (.answered(status: 300), .never), (.answered(status: 400), .never), (.answered(status: 401), .never),
    (.answered(status: 410), .never), (.answered(status: 408), .again), (.answered(status: 425), .again),
    (.answered(status: 429), .again), (.answered(status: 500), .again), (.answered(status: 599), .again),
    (.failed("x"), .again), (.refused("x"), .never),
  ])
  func whatCanBeMendedIsTriedAgain(_ outcome: WebhookOutcome, _ verdict: WebhookOutcome.Verdict) {
    #expect(outcome.verdict == verdict)
  }

  @Test func beyondTheCapTheOldestAreLostAndCounted() throws {
    var queue = WebhookQueue(try Self.hook())
    let extra = 2 * WebhookQueue.limit + 17
    for id in 0..<UInt64(WebhookQueue.limit + extra) { queue.add(event(id)) }
    #expect(queue.count == WebhookQueue.limit && queue.lost == UInt64(extra))
    let first = queue.begin(at: Self.start)
    #expect(first?.event.id == UInt64(extra))
  }
}

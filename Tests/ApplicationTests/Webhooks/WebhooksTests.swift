import Application
import Logging
import Primitives
import Synchronization
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Webhooks with a carrier that keeps what it is given.
@Suite struct WebhooksTests {
  private final class Carrier: WebhookCarrier {
    struct Sent: Sendable {
      var body: [UInt8]
      var address: WebhookAddress
      var token: String
    }
    private let state: Mutex<(sent: [Sent], outcomes: [WebhookOutcome])>
    init(_ outcomes: [WebhookOutcome] = []) { state = Mutex(([], outcomes)) }
    var sent: [Sent] { state.withLock { $0.sent } }

    func post(_ body: [UInt8], to address: WebhookAddress, token: String) async -> WebhookOutcome {
      state.withLock { state in
        state.sent.append(Sent(body: body, address: address, token: token))
        return state.outcomes.isEmpty ? .answered(status: 200) : state.outcomes.removeFirst()
      }
    }
  }

  private let time = VirtualTime()

  private func webhooks(_ hooks: [Webhook], _ carrier: Carrier) -> Webhooks {
    Webhooks(
      hooks, carrier: carrier, issuer: "conf.example", clock: time,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, random: .seeded(3), keepsTime: false)
  }

  private func event(_ id: UInt64, _ name: String = "call-start") -> ServerEvent {
    ServerEvent(id: id, time: "t", name: name, values: ["call": "c\(id)"])
  }

  /// Lets time pass until nothing waits any more.
  private func finish(_ webhooks: Webhooks) async {
    await webhooks.settle()
    while let next = await webhooks.deadline {
      time.set(next)
      await webhooks.timeout()
      await webhooks.settle()
    }
  }

  @Test func eachWebhookIsToldWhatItWantsAsJSON() async throws {
    let carrier = Carrier()
    var second = try WebhookQueueTests.hook(["call-end"])
    second.name = "erp"
    second.address = try #require(WebhookAddress("https://erp.example/"))
    let webhooks = webhooks([try WebhookQueueTests.hook(), second], carrier)
    await webhooks.tell(event(1))
    await finish(webhooks)
    await webhooks.tell(event(2, "call-end"))
    await finish(webhooks)
    let told = try carrier.sent.map { sent in
      "\(sent.address.host) \(try JSONDecoder().decode(ServerEvent.self, from: Data(sent.body)).id)"
    }
    #expect(told.sorted() == ["crm.example 1", "crm.example 2", "erp.example 2"])
    #expect(carrier.sent.allSatisfy { $0.token.split(separator: ".").count == 3 })
    #expect(await webhooks.descriptions.map(\.waiting) == [0, 0])
  }

  @Test func whatFailsIsTriedAgainAndTheLogTells() async throws {
    let carrier = Carrier([
      .failed("no connection"), .answered(status: 503), .answered(status: 204), .answered(status: 400),
    ])
    let webhooks = webhooks([try WebhookQueueTests.hook()], carrier)
    await webhooks.tell(event(1))
    await webhooks.settle()
    let waiting = try await webhooks.deliveries(of: "crm")
    #expect(waiting.map(\.state) == [.waiting] && waiting.first?.result == "no connection")
    await webhooks.tell(event(2))
    await finish(webhooks)
    #expect(carrier.sent.count == 4)
    // The same identifier each time, so that the receiver knows what it has.
    #expect(Set(carrier.sent.map(\.body)).count == 2)
    let log = try await webhooks.deliveries(of: "crm")
    #expect(log.map(\.id) == ["crm-2", "crm-1"])
    #expect(log.map(\.state) == [.failed, .delivered])
    #expect(log.map(\.attempts) == [1, 3] && log.map(\.result) == ["400", "204"])
    #expect(log.last.map { $0.started < $0.changed } == true)
  }

  @Test func theLogIsBounded() async throws {
    let webhooks = webhooks([try WebhookQueueTests.hook()], Carrier())
    for id: UInt64 in 0..<3_000 {
      await webhooks.tell(event(id))
      await webhooks.settle()
    }
    let log = try await webhooks.deliveries(of: "crm")
    #expect((1_000...2_000).contains(log.count) && log.first?.event == 2_999)
    await #expect(throws: ControlError.self) { try await webhooks.deliveries(of: "erp") }
  }

  @Test func itFollowsTheHubUntilThatEnds() async throws {
    let carrier = Carrier()
    let webhooks = webhooks([try WebhookQueueTests.hook()], carrier)
    let (stream, continuation) = AsyncStream.makeStream(of: ServerEvent.self)
    continuation.yield(event(1))
    continuation.finish()
    await webhooks.follow(stream)
    await webhooks.settle()
    #expect(carrier.sent.count == 1)
  }
}

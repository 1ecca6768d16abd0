import Application
import Primitives
import Synchronization
import Testing

@testable import trialogue

/// Whom a flow may ask, and how the question is told from a stranger's.
@Suite struct WebFlowAdviserTests {
  private static let secret = "the-secret-of-the-test-0123456789abcdef"

  /// Answers always the same, and keeps what it is asked.
  private final class Asker: WebhookAsker {
    let reply: WebhookReply
    private let state = Mutex<[(body: [UInt8], token: String, limit: Int)]>([])
    var asked: [(body: [UInt8], token: String, limit: Int)] { state.withLock { $0 } }

    init(_ reply: WebhookReply) { self.reply = reply }

    func ask(
      _ body: [UInt8], at address: WebhookAddress, token: String, limit: Int, within timeout: Duration
    ) async -> WebhookReply {
      state.withLock { $0.append((body, token, limit)) }
      return reply
    }
  }

  private struct Noon: Timekeeping {
    var now: Instant { .zero }
    var timestamp: String { "noon" }
    var unixTime: Int64 { 1_795_521_600 }
  }

  private static let situation = FlowSituation(
    call: "c1", caller: "sip:a@x", name: "A", flow: "shop", block: "main", language: "de",
    context: CallContext(values: ["order": "4711", "tier": "gold"]), values: ["pin": "12"], number: 2)

  private func ask(_ asker: Asker, _ url: String) async throws -> FlowAdvice {
    let source = Configuration.Webhooks.Source(
      url: try #require(WebhookAddress("https://crm.example/flows")), secret: Redacted(Self.secret))
    let adviser = WebFlowAdviser(sources: [source], asker: asker, issuer: "conf.example", clock: Noon())
    return await adviser.advice(
      on: Self.situation, from: try #require(WebhookAddress(url)), within: .seconds(5))
  }

  @Test func theQuestionTellsTheCallAndIsSigned() async throws {
    let asker = Asker(.answered(status: 200, body: Array(#"{"steps": ["hangup"]}"#.utf8)))
    #expect(try await ask(asker, "https://crm.example/flows/next?x=1") == .steps([.hangUp]))
    let asked = try #require(asker.asked.first)
    #expect(
      String(decoding: asked.body, as: UTF8.self)
        == #"{"block":"main","call":"c1","caller":"sip:a@x","context":{"order":"4711","tier":"gold"},"flow":"shop","#
        + #""language":"de","name":"A","number":2,"signed":[],"values":{"pin":"12"}}"#)
    #expect(
      asked.token
        == WebhookToken.make(
          body: asked.body, id: "shop-c1-2", issuer: "conf.example", secret: Redacted(Self.secret),
          issued: 1_795_521_600))
    #expect(asked.limit == 65_536)
  }

  @Test(arguments: [
    "https://crm.example/", "https://crm.example/flowsx", "https://crm.example:444/flows", "http://crm.example/flows",
    "https://crm.example.evil/flows", "https://evil.example/flows", "https://crm.example/flows/../admin",
    "https://crm.example/flows/%2e%2E/admin", "https://crm.example/flows/.%2e/admin",
  ])
  func nobodyElseIsAsked(_ url: String) async throws {
    let asker = Asker(.answered(status: 204, body: []))
    guard case .failed(let reason) = try await ask(asker, url) else {
      Issue.record("\(url) was asked")
      return
    }
    #expect(reason.contains("webhooks.flows") && asker.asked.isEmpty)
  }

  @Test func whatIsAnsweredIsSteps() async throws {
    let url = "https://crm.example/flows"
    #expect(try await ask(Asker(.answered(status: 204, body: [])), url) == .steps([]))
    for reply in [
      WebhookReply.failed("no answer in time"), .answered(status: 500, body: []), .answered(status: 302, body: []),
      .answered(status: 200, body: []), .answered(status: 200, body: Array(#"{"steps": [{"say": []}]}"#.utf8)),
    ] {
      guard case .failed = try await ask(Asker(reply), url) else {
        Issue.record("\(reply)")
        continue
      }
    }
  }
}

import Application
import NIOHTTP1
import Primitives
import Synchronization
import TestSupport
import Testing

@testable import WebFront

/// Webhooks over real sockets on loopback: what is sent, and where nothing is sent (THREATS 22).
@Suite struct WebhookClientTests {
  private static let loopback = AddressGuard(own: [IPNetwork(.loopbackV4, length: 32)].compactMap { $0 })
  private static let body = Array(#"{"id":1}"#.utf8)

  private func client(
    _ limits: AddressGuard = loopback, timeout: Duration = .seconds(5), authorities: String? = nil,
    resolve: @escaping WebhookClient.Resolver = { _ in [.loopbackV4] }
  ) throws -> WebhookClient {
    try WebhookClient(limits: limits, timeout: timeout, authorities: authorities, resolve: resolve)
  }

  private func post(_ client: WebhookClient, _ url: String) async throws -> WebhookOutcome {
    await client.post(Self.body, to: try #require(WebhookAddress(url)), token: "a.b.c")
  }

  @Test func theBodyArrivesWithItsToken() async throws {
    let receiver = try await Receiver([.status(202)])
    let outcome = try await post(try client(), "http://crm.test:\(receiver.port)/hooks?x=1")
    #expect(outcome == .answered(status: 202))
    let got = try #require(receiver.got.first)
    #expect(got.body == Self.body && got.head.method == .POST && got.head.uri == "/hooks?x=1")
    #expect(got.head.headers["Authorization"] == ["Bearer a.b.c"])
    #expect(got.head.headers["Content-Type"] == ["application/json"])
    #expect(got.head.headers["Host"] == ["crm.test:\(receiver.port)"])
    await receiver.close()
  }

  @Test func byTLSTheReceiverProvesItsName() async throws {
    let certificate = try TestCertificate(name: "crm.test")
    let receiver = try await Receiver(certificate: certificate)
    let trusting = try client(authorities: certificate.certificate)
    #expect(try await post(trusting, "https://crm.test:\(receiver.port)/") == .answered(status: 204))
    #expect(try await post(trusting, "https://other.test:\(receiver.port)/") == .failed("TLS failed"))
    #expect(try await post(try client(), "https://crm.test:\(receiver.port)/") == .failed("TLS failed"))
    #expect(receiver.got.count == 1)
    await receiver.close()
  }

  @Test func whoDoesNotAnswerHasFailed() async throws {
    let receiver = try await Receiver([.close, .silence, .endlessBody])
    let url = "http://crm.test:\(receiver.port)/"
    #expect(try await post(try client(), url) == .failed("closed without an answer"))
    #expect(try await post(try client(timeout: .milliseconds(200)), url) == .failed("no answer in time"))
    // The head is enough; what follows it is not waited for.
    #expect(try await post(try client(), url) == .answered(status: 200))
    let port = receiver.port
    await receiver.close()
    #expect(try await post(try client(), "http://crm.test:\(port)/") == .failed("no connection"))
  }

  /// However it is spelt: what counts is the address that comes of it.
  @Test(arguments: [
    "127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "0", "0.0.0.0", "localhost", "LOCALHOST.", "[::1]",
    "[::]",
    "[::ffff:127.0.0.1]", "[::ffff:7f00:1]", "[64:ff9b::7f00:1]", "10.0.0.1", "192.168.0.1", "172.16.0.1",
    "169.254.169.254",
    "[fe80::1]", "[fd00:ec2::254]", "100.64.0.1", "[2002:7f00:1::]", "[::127.0.0.1]", "224.0.0.1", "255.255.255.255",
  ])
  func noSpellingLeadsToWhereNobodyMayBeSent(_ host: String) async throws {
    let receiver = try await Receiver()
    let strict = try client(AddressGuard(), timeout: .seconds(2), resolve: WebhookClient.systemResolver)
    let outcome = try await post(strict, "https://\(host):\(receiver.port)/")
    switch outcome {
    case .refused: break
    // A spelling that the resolver does not know.
    case .failed: break
    case .answered: Issue.record("\(outcome)")
    }
    #expect(receiver.got.isEmpty)
    await receiver.close()
  }

  @Test func withoutTLSOnlyOwnNetworksAreTold() async throws {
    let outcome = try await post(try client(resolve: { _ in [.v4(0x0101_0101)] }), "http://crm.test/")
    #expect(outcome.verdict == .never)
    guard case .refused(let sentence) = outcome else { return }
    #expect(sentence.contains("https"))
  }

  /// Rebinding: the name says something else each time. What was judged is what is connected to.
  @Test func aNameThatChangesItsMindIsJudgedEachTime() async throws {
    let receiver = try await Receiver()
    let asked = Mutex(0)
    let rebinding = try client(resolve: { _ in
      asked.withLock { $0 += 1 }
      return asked.withLock { $0 } == 1 ? [.loopbackV4] : [.v4(0x0A00_0001)]
    })
    let url = "http://crm.test:\(receiver.port)/"
    #expect(try await post(rebinding, url) == .answered(status: 204))
    #expect(asked.withLock { $0 } == 1)
    #expect(try await post(rebinding, url).verdict == .never)
    #expect(receiver.got.count == 1)
    await receiver.close()
  }

  @Test func redirectsKeepThePostAndAreJudgedAnew() async throws {
    let target = try await Receiver()
    let good = try await Receiver([
      .status(307, location: "http://other.test:\(target.port)/there"), .status(308, location: "/again"), .status(204),
    ])
    let url = "http://crm.test:\(good.port)/"
    #expect(try await post(try client(), url) == .answered(status: 204))
    #expect(target.got.map(\.head.uri) == ["/there"] && target.got.first?.body == Self.body)
    #expect(try await post(try client(), url) == .answered(status: 204))
    #expect(good.got.map(\.head.uri) == ["/", "/", "/again"])
    await good.close()

    let evil = try await Receiver([
      .status(307, location: "http://169.254.169.254/latest"), .status(308, location: "http://[::1]:\(target.port)/"),
      .status(307, location: "file:///etc/passwd"), .status(307),
      .status(302, location: "http://other.test:\(target.port)/"),
    ])
    for _ in 0..<5 {
      let outcome = try await post(try client(), "http://crm.test:\(evil.port)/")
      #expect(outcome.verdict == .never, "\(outcome)")
    }
    let round = try await Receiver(Array(repeating: .status(307, location: "/"), count: 9))
    #expect(try await post(try client(), "http://crm.test:\(round.port)/").verdict == .never)
    #expect(round.got.count == WebhookClient.redirectLimit + 1)
    #expect(target.got.count == 1)
    for receiver in [evil, round, target] { await receiver.close() }
  }

  @Test func noRedirectLeadsFromTLSToPlainText() async throws {
    let certificate = try TestCertificate(name: "crm.test")
    let target = try await Receiver()
    let receiver = try await Receiver(
      [.status(307, location: "http://crm.test:\(target.port)/")], certificate: certificate)
    let outcome = try await post(
      try client(authorities: certificate.certificate), "https://crm.test:\(receiver.port)/")
    #expect(outcome == .refused("307 from https to http"))
    #expect(target.got.isEmpty)
    await receiver.close()
    await target.close()
  }

  @Test func authoritiesThatCannotBeReadAreTold() {
    #expect(throws: (any Error).self) { try client(authorities: "/nowhere/authorities.pem") }
  }

  /// What voice flows ask: the answer is wanted, but no more of it than is allowed, no later, and from nowhere else.
  @Test func whatIsAskedIsJudgedAndBounded() async throws {
    let receiver = try await Receiver([
      .content("{}"), .content("0123456789"), .endlessBody, .content("01234567890"),
      .status(307, location: "http://other.test/"), .silence,
    ])
    let url = "http://crm.test:\(receiver.port)/next"
    func ask(_ client: WebhookClient, within timeout: Duration = .seconds(5)) async throws -> WebhookReply {
      await client.ask(
        Self.body, at: try #require(WebhookAddress(url)), token: "a.b.c", limit: 10, within: timeout)
    }
    let client = try client()
    #expect(try await ask(client) == .answered(status: 200, body: Array("{}".utf8)))
    #expect(try await ask(client) == .answered(status: 200, body: Array("0123456789".utf8)))
    #expect(try await ask(client, within: .milliseconds(200)) == .failed("no answer in time"))
    #expect(try await ask(client) == .failed("the answer is too long"))
    #expect(try await ask(client) == .answered(status: 307, body: []))
    #expect(try await ask(client, within: .milliseconds(200)) == .failed("no answer in time"))
    #expect(receiver.got.count == 6 && receiver.got.first?.head.headers["Authorization"] == ["Bearer a.b.c"])
    guard case .failed = try await ask(try self.client(AddressGuard())) else {
      Issue.record("loopback was asked")
      return
    }
    #expect(receiver.got.count == 6)
    await receiver.close()
  }
}

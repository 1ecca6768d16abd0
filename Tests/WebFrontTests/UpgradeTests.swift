import NIOCore
import NIOEmbedded
import NIOHTTP1
import Primitives
import Testing

@testable import WebFront

/// Who gets from HTTP to SIP over WebSocket, and what the others are told.
@Suite struct UpgradeTests {
  static let rules = UpgradeRules(
    origins: OriginList(["https://Shop.example", "http://dev.example:3000"]), names: ["conf.example"])

  private func head(_ changes: [String: String?] = [:], version: HTTPVersion = .http1_1) -> HTTPRequestHead {
    let fields: [String: String?] = [
      "Host": "conf.example", "Upgrade": "websocket", "Connection": "keep-alive, Upgrade",
      "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
      "Sec-WebSocket-Protocol": "chat, sip",
    ]
    let merged = fields.merging(changes) { $1 }
    return HTTPRequestHead(
      version: version, method: .GET, uri: "/sip",
      headers: HTTPHeaders(merged.compactMap { name, value in value.map { (name, $0) } }))
  }

  @Test func whatAsksRightlyIsUpgraded() {
    #expect(Self.rules.refusal(of: head(), isSecure: true) == nil)
    #expect(Self.rules.refusal(of: head(["Upgrade": "WebSocket"]), isSecure: false) == nil)
  }

  static let wrong: [([String: String?], UpgradeRules.Refusal)] = [
    (["Upgrade": nil], .noUpgrade), (["Upgrade": "h2c"], .noUpgrade),
    (["Connection": nil], .malformed("Connection lacks 'Upgrade'")),
    (["Connection": "close"], .malformed("Connection lacks 'Upgrade'")),
    (["Sec-WebSocket-Version": nil], .version), (["Sec-WebSocket-Version": "8"], .version),
    (["Sec-WebSocket-Key": nil], .malformed("Sec-WebSocket-Key is wanted, once, with 16 octets in base64")),
    (["Sec-WebSocket-Key": "short"], .malformed("Sec-WebSocket-Key is wanted, once, with 16 octets in base64")),
    (["Host": nil], .malformed("Host is wanted, once")),
    (["Sec-WebSocket-Protocol": nil], .subprotocol), (["Sec-WebSocket-Protocol": "sips, SIP"], .subprotocol),
    (["Origin": "https://evil.example"], .origin("https://evil.example")),
    (["Origin": "\u{1B}[2J\r"], .origin("?[2J?")),
  ]

  @Test(arguments: wrong.indices) func whatDoesNotIsToldWhy(_ index: Int) {
    let (changes, refusal) = Self.wrong[index]
    #expect(Self.rules.refusal(of: head(changes), isSecure: true) == refusal)
  }

  @Test func olderHTTPHasNoUpgrade() {
    #expect(Self.rules.refusal(of: head(version: .http1_0), isSecure: true) == .malformed("HTTP/1.1 is wanted"))
  }

  /// Origin, Host, with TLS, allowed.
  static let origins: [(String, String, Bool, Bool)] = [
    ("https://shop.example", "conf.example", true, true), ("https://SHOP.example", "conf.example", true, true),
    ("https://shop.example", "conf.example", false, true), ("http://shop.example", "conf.example", true, false),
    ("https://shop.example:8443", "conf.example", true, false), ("http://dev.example:3000", "x", false, true),
    ("https://shop.example.evil.example", "conf.example", true, false), ("null", "conf.example", true, false),
    ("", "conf.example", true, false), ("https://conf.example", "conf.example", true, true),
    ("https://conf.example:8443", "conf.example:8443", true, true),
    ("https://conf.example:8443", "conf.example", true, false), ("http://conf.example", "conf.example", true, false),
    ("http://conf.example:9090", "conf.example:9090", false, true),
    ("http://127.0.0.1:9090", "127.0.0.1:9090", false, true),
    ("http://[::1]:9090", "[::1]:9090", false, true), ("http://localhost:9090", "localhost:9090", false, true),
    // A name that its owner points here: a certificate would tell, without one nothing does.
    ("http://evil.example:9090", "evil.example:9090", false, false),
    ("https://other.example", "other.example", true, true),
  ]

  @Test(arguments: origins.indices) func pagesAreOursOrListed(_ index: Int) {
    let (origin, host, isSecure, isAllowed) = Self.origins[index]
    let refusal = Self.rules.refusal(of: head(["Origin": origin, "Host": host]), isSecure: isSecure)
    #expect((refusal == nil) == isAllowed, "\(origin) at \(host)")
  }

  @Test func aRefusalIsAWholeAnswerAndTheEnd() throws {
    for (isCrowded, changes, status) in [
      (true, [:], 503), (false, ["Upgrade": "h2c"], 426), (false, ["Origin": "x"], 403),
    ]
      as [(Bool, [String: String?], UInt)]
    {
      let gate = UpgradeGate(rules: Self.rules, isSecure: true, isCrowded: isCrowded, deadline: .seconds(1))
      let channel = EmbeddedChannel(handler: gate)
      defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
      try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
      try channel.writeInbound(HTTPServerRequestPart.head(head(changes)))
      try channel.writeInbound(HTTPServerRequestPart.end(nil))
      guard case .head(let answer)? = try channel.readOutbound(as: HTTPServerResponsePart.self),
        case .body(.byteBuffer(let body))? = try channel.readOutbound(as: HTTPServerResponsePart.self),
        case .end? = try channel.readOutbound(as: HTTPServerResponsePart.self)
      else {
        Issue.record("no whole answer")
        continue
      }
      #expect(answer.status.code == status)
      #expect(answer.headers["Content-Length"] == ["\(body.readableBytes)"])
      #expect(answer.headers["Connection"] == ["close"])
      #expect(answer.headers["Retry-After"] == (status == 503 ? ["10"] : []))
      #expect(answer.headers["Upgrade"] == (status == 426 ? ["websocket"] : []))
      #expect(String(buffer: body).contains("\"status\":\(status)"))
      #expect(try channel.readInbound(as: HTTPServerRequestPart.self) == nil)
      #expect(!channel.isActive)
    }
  }

  @Test func theRestOfARequestHasItsDeadline() throws {
    let gate = UpgradeGate(rules: Self.rules, isSecure: true, isCrowded: false, deadline: .seconds(5))
    let channel = EmbeddedChannel(handler: gate)
    defer { _ = try? channel.finish(acceptAlreadyClosed: true) }
    try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
    channel.embeddedEventLoop.advanceTime(by: .seconds(4))
    #expect(channel.isActive)
    channel.embeddedEventLoop.advanceTime(by: .seconds(2))
    #expect(!channel.isActive)
  }
}

import Application
import HTTPTypes
import Hummingbird
import Primitives
import Testing

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The back end of the demo's shop.
@Suite struct ShopTokenTests {
  private static let secret = Redacted("a secret of the shop, 32 octets or more")
  private struct Grant: Decodable { var token: String }
  private static let address = "/demo/shop/call-token"
  private static let own: HTTPFields = [.origin: "http://127.0.0.1:9090"]

  private func ask(_ supply: ShopTokens.Supply, body: String = #"{"widget": "support"}"#, headers: HTTPFields = own)
    async throws -> Door.Answer
  { try await Door(shop: supply).ask(.post, Self.address, body: body, headers: headers) }

  @Test func itsPageGetsATokenForTheWidget() async throws {
    let answer = try await ask(.mint(TokenMint(secret: Self.secret)))
    #expect(answer.status == 200)
    #expect(answer.headers[.cacheControl] == "no-store")
    let text = try JSONDecoder().decode(Grant.self, from: Data(answer.body)).token
    let verifier = TokenVerifier(keys: [TokenKey(secret: Self.secret)].compactMap(\.self), domain: "localhost")
    let token = try verifier.verify(text, at: SystemTime().unixTime)
    #expect(token.widget == "support")
    #expect(token.origin == "http://127.0.0.1:9090")
    #expect(token.context["order"] == "4711")
    #expect(token.id != nil)
    #expect(answer.text.contains(#""username":"1800000000:a""#))
  }

  @Test func nobodyElseGetsOne() async throws {
    let mint = ShopTokens.Supply.mint(TokenMint(secret: Self.secret))
    #expect(try await ask(mint, headers: [:]).status == 403)
    #expect(try await ask(mint, headers: [.origin: "https://evil.example"]).status == 403)
    #expect(try await ask(mint, body: #"{"widget": "../x"}"#).status == 400)
    #expect(try await ask(mint, body: #"{"widget": "a", "context": {}}"#).status == 400)
    #expect(try await Door(shop: mint).ask(.get, Self.address).status == 405)
  }

  @Test func withoutAKeyThereIsNoToken() async throws {
    let answer = try await ask(.unneeded)
    #expect(answer.status == 200)
    #expect(answer.text == "{}")
    #expect(try await ask(.withheld).status == 404)
  }
}

import Primitives
import Testing

@testable import Application

/// JSON Web Tokens: the examples of RFC 7515, and what must not get through.
@Suite struct TokenVerifierTests {
  static let now: Int64 = 1_800_000_000
  static let secret = Redacted("a secret of the shop, 32 octets or more")
  static let mint = TokenMint(secret: secret)

  static func verifier(
    issuer: String? = nil, audience: String? = nil, leeway: Int = 30, lifetime: Int = 600,
    keys: [TokenKey?] = [TokenKey(secret: secret)]
  ) -> TokenVerifier {
    TokenVerifier(
      keys: keys.compactMap(\.self), issuer: issuer, audience: audience, domain: "conf.example", leeway: leeway,
      lifetime: lifetime)
  }

  static func token(_ change: (inout [String: ClaimValue]) -> Void = { _ in }) -> String {
    var claims: [String: ClaimValue] = [
      "widget": .text("support"), "origin": .text("https://shop.example"), "exp": .number(now + 300),
      "iat": .number(now),
    ]
    change(&claims)
    return mint.sign(TokenMint.json(.object(claims)))
  }

  static func refusal(_ text: String, _ verifier: TokenVerifier = verifier(), at now: Int64 = now) -> TokenRefusal? {
    do throws(TokenRefusal) {
      _ = try verifier.verify(text, at: now)
      return nil
    } catch { return error }
  }

  @Test func aTokenSaysWhatTheShopSaid() throws {
    let given = CallToken(
      widget: "support", origin: "https://shop.example", id: "j-1", expires: Self.now + 60,
      context: ["customer": "Juliana \"Jeans\" Weber", "order": "4711", "city": "Köln"])
    let text = Self.mint.mint(given, issued: Self.now, more: ["iss": "shop", "aud": "conf.example"])
    #expect(try Self.verifier(issuer: "shop", audience: "conf.example").verify(text, at: Self.now) == given)
  }

  // MARK: RFC 7515

  /// Appendix A.1: signed with HS256. Its claims are another's, so that it is refused for them, and for nothing before.
  static let hs256 =
    "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNv"
    + "bS9pc19yb290Ijp0cnVlfQ.dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
  static let hs256Key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow"

  /// Appendix A.3: signed with ES256.
  static let es256 =
    "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVl"
    + "fQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q"
  static let es256Key = (
    x: "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU", y: "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"
  )

  static var exampleVerifiers: [TokenVerifier] {
    get throws {
      let secret = try #require(Base64URL.decode(hs256Key.utf8))
      let point = try #require(Base64URL.decode(es256Key.x.utf8)) + #require(Base64URL.decode(es256Key.y.utf8))
      return [verifier(keys: [TokenKey.secret(secret)]), verifier(keys: [TokenKey.point(point)])]
    }
  }

  @Test(arguments: [0, 1]) func theExamplesOfTheRFCAreVerified(_ index: Int) throws {
    let verifier = try Self.exampleVerifiers[index]
    let text = [Self.hs256, Self.es256][index]
    #expect(Self.refusal(text, verifier, at: 1_300_819_000) == .claim("widget"))
    #expect(Self.refusal(text, verifier, at: 1_300_819_380 + 30) == .expired)
    // Of the other's key, and of none.
    #expect(Self.refusal(text, try Self.exampleVerifiers[1 - index], at: 1_300_819_000) == .algorithm)
    // Whatever is changed in it, the signature sees.
    var octets = Array(text.utf8)
    for place in stride(from: octets.count - 2, to: 40, by: -7) where octets[place] != UInt8(ascii: ".") {
      let before = octets[place]
      octets[place] = before == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
      let refusal = Self.refusal(String(decoding: octets, as: UTF8.self), verifier, at: 1_300_819_000)
      #expect(refusal == .signature || refusal == .malformed, "octet \(place)")
      octets[place] = before
    }
  }

  // MARK: Forgeries

  static let payload = Base64URL.encode(
    Array(#"{"widget":"support","origin":"https://shop.example","exp":1800000300}"#.utf8))

  static func forged(header: String, signature: String = "") -> String {
    Base64URL.encode(Array(header.utf8)) + "." + payload + "." + signature
  }

  /// Signed with the shop's key, under a header of ours.
  static func signed(header: String) -> String { mint.sign(header: header, payload: TokenMint.json(.object([:]))) }

  static let forgeries: [(String, TokenRefusal)] = [
    ("", .malformed), ("a", .malformed), ("a.b", .malformed), ("..", .malformed), ("a.b.c.d", .malformed),
    (token() + ".x", .malformed), (token() + "=", .malformed), (token().replacing(".", with: " ."), .malformed),
    (String(repeating: "a", count: 4_097), .tooLong),
    // RFC 8725, section 2.1: what chooses its own verification.
    (forged(header: #"{"alg":"none"}"#), .algorithm), (forged(header: #"{"alg":"None"}"#), .algorithm),
    (forged(header: #"{"alg":"NONE"}"#, signature: "AAAA"), .algorithm), (forged(header: #"{"alg":""}"#), .algorithm),
    (forged(header: #"{"alg":"hs256"}"#), .algorithm), (forged(header: #"{"alg":"HS512"}"#), .algorithm),
    (forged(header: #"{"alg":"RS256"}"#), .algorithm), (forged(header: #"{"alg":null}"#), .algorithm),
    (forged(header: #"{"alg":["HS256"]}"#), .algorithm), (forged(header: #"{}"#), .algorithm),
    (forged(header: #"{"alg":"ES256"}"#, signature: "AAAA"), .algorithm),
    (forged(header: #"{"alg":"none","alg":"HS256"}"#), .malformed), (forged(header: #"["HS256"]"#), .malformed),
    (forged(header: #"{"alg":"HS256"}"#), .signature),
    (forged(header: #"{"alg":"HS256"}"#, signature: "AAAA"), .signature),
    (forged(header: #"{"alg":"HS256"}"#, signature: String(repeating: "A", count: 43)), .signature),
    (signed(header: #"{"alg":"HS256","crit":["exp"]}"#), .malformed),
    (signed(header: #"{"alg":"HS256","typ":"JOSE"}"#), .malformed),
    (signed(header: #"{"alg":"HS256"} "#), .claim("exp")),
    // A key of the token's own is not even looked at.
    (forged(header: #"{"alg":"HS256","jwk":{"kty":"oct","k":"AA"}}"#, signature: "AAAA"), .signature),
    (TokenMint(secret: Redacted("another secret, which is as long as it must be")).sign("{}"), .signature),
    (mint.sign("[]"), .malformed), (mint.sign(#"{"exp":1,"exp":1800000300}"#), .malformed),
    (mint.sign("{} {}"), .malformed),
  ]

  @Test(arguments: forgeries.indices) func aForgeryIsRefused(_ index: Int) {
    let (text, refusal) = Self.forgeries[index]
    #expect(Self.refusal(text) == refusal, "\(text)")
  }

  @Test func aPublicKeyIsNoSecret() throws {
    // RFC 8725, section 2.1: HS256 with the text of the public key, which everybody knows.
    let key = try #require(TokenKey(publicKey: TokenKeyTests.publicKey))
    let mint = TokenMint(secret: Redacted(TokenKeyTests.publicKey))
    let text = mint.mint(
      CallToken(widget: "support", origin: "https://shop.example", expires: Self.now + 60), issued: Self.now)
    #expect(Self.refusal(text, Self.verifier(keys: [key])) == .algorithm)
    #expect(Self.refusal(text, Self.verifier(keys: [key, TokenKey(secret: Self.secret)])) == .signature)
  }

  // MARK: Claims

  static let claims: [(String, ClaimValue?, TokenRefusal?)] = [
    ("exp", nil, .claim("exp")), ("exp", .text("1800000300"), .claim("exp")), ("exp", .number(now), nil),
    ("exp", .number(now - 29), nil), ("exp", .number(now - 30), .expired), ("exp", .number(0), .expired),
    ("exp", .number(now + 600), nil), ("exp", .number(now + 631), .lifetime),
    ("exp", .number(9_007_199_254_740_992), .lifetime), ("exp", .number(-9_007_199_254_740_992), .expired),
    ("nbf", .number(now + 30), nil), ("nbf", .number(now + 31), .notYetValid), ("nbf", .text("soon"), .claim("nbf")),
    ("iat", nil, nil), ("iat", .number(now + 31), .notYetValid), ("iat", .other, .claim("iat")),
    ("iat", .number(now - 301), .lifetime), ("iat", .number(-9_007_199_254_740_992), .lifetime),
    ("aud", .text("conf.example"), nil), ("aud", .text("other.example"), .claim("aud")),
    ("aud", .list([.text("a"), .text("conf.example")]), nil), ("aud", .list([.number(1)]), .claim("aud")),
    ("aud", .object([:]), .claim("aud")),
    ("widget", nil, .claim("widget")), ("widget", .text(""), .claim("widget")),
    ("widget", .text("a b"), .claim("widget")), ("widget", .text("../x"), .claim("widget")),
    ("origin", nil, .claim("origin")), ("origin", .text(""), .claim("origin")),
    ("jti", .text(""), .claim("jti")), ("jti", .number(7), .claim("jti")),
    ("jti", .text(String(repeating: "j", count: 65)), .claim("jti")), ("jti", .text("j"), nil),
    ("context", .text("x"), .claim("context")), ("context", .object([:]), nil),
    ("context", .object(["order": .number(4_711)]), .claim("context")),
    ("context", .object(["Order": .text("1")]), .claim("context")),
    ("context", .object(["or der": .text("1")]), .claim("context")),
    ("context", .object(["signed": .text("order")]), .claim("context")),
    ("context", .object(["note": .text("a\r\nX-Evil: 1")]), .claim("context")),
    ("context", .object(["note": .text("a\u{1B}[2J")]), .claim("context")),
    ("context", .object(["note": .text(String(repeating: "a", count: 256))]), .claim("context")),
    // As a header it is three times as long.
    ("context", .object(["note": .text(String(repeating: "ö", count: 100))]), .claim("context")),
    ("context", .object(["call-info": .text("javascript:alert(1)")]), .claim("context")),
    ("context", .object(["call-info": .text("https://shop.example/o/1")]), nil),
    ("context", .object(["user-to-user": .text("Grüße")]), nil),
    (
      "context", .object(Dictionary(uniqueKeysWithValues: (0..<17).map { ("n\($0)", .text("v")) })),
      .claim("context")
    ),
    ("admin", .list([.object(["deep": .number(1)]), .other]), nil),
  ]

  @Test(arguments: claims.indices) func claimsAreTakenAtTheirWord(_ index: Int) {
    let (name, value, refusal) = Self.claims[index]
    #expect(Self.refusal(Self.token { $0[name] = value }) == refusal, "\(name)")
  }

  @Test func whatTheOperatorWantsMustStandInIt() {
    let strict = Self.verifier(issuer: "shop", audience: "calls")
    #expect(Self.refusal(Self.token(), strict) == .claim("iss"))
    #expect(Self.refusal(Self.token { $0["iss"] = .text("shop") }, strict) == .claim("aud"))
    #expect(Self.refusal(Self.token { $0["iss"] = .text("Shop") }, strict) == .claim("iss"))
    let good = Self.token { claims in
      claims["iss"] = .text("shop")
      claims["aud"] = .text("calls")
    }
    #expect(Self.refusal(good, strict) == nil)
  }

  @Test func aKeyWithANameIsForTokensOfThatNameOrNone() {
    let keys = [
      TokenKey(secret: Self.secret, id: "new"),
      TokenKey(secret: Redacted("an older secret of the shop, going"), id: "old"),
    ]
    let token = CallToken(widget: "support", origin: "https://shop.example", expires: Self.now + 60)
    for (id, refusal) in [("new", nil), ("old", TokenRefusal.signature), (nil, nil)] as [(String?, TokenRefusal?)] {
      let text = TokenMint(secret: Self.secret, id: id).mint(token, issued: Self.now)
      #expect(Self.refusal(text, Self.verifier(keys: keys)) == refusal)
    }
  }
}

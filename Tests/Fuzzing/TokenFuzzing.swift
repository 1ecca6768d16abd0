import Application
import Primitives
import TestSupport
import Testing

/// Tokens: what a browser brings, and the JSON in it.
@Suite struct TokenFuzzing {
  static let now: Int64 = 1_800_000_000
  static let secret = Redacted("a secret of the shop, 32 octets or more")
  static let mint = TokenMint(secret: secret)
  static let verifier = TokenVerifier(
    keys: [TokenKey(secret: secret)].compactMap(\.self), audience: "calls", domain: "conf.example")

  static let payloads = [
    #"{"widget":"support","origin":"https://shop.example","exp":1800000300,"iat":1800000000,"aud":"calls"}"#,
    #"{"widget":"a","origin":"x","exp":1.8000003e9,"nbf":1800000000.5,"aud":["x","calls"],"jti":"j","context":{"order":"4711"}}"#,
    #"{"context":{"city":"K\u00f6ln","face":"\ud83d\ude00","note":"a\"b\\c\/\b\f\n\r\t"},"exp":1800000300,"aud":"calls","x":null}"#,
  ]
  static let tokens = [
    "{", "}", "[", "]", ",", ":", "\"", "\\", "\\u", "\\ud83d", "\\ude00", "true", "false", "null", "-", "1e9", "0",
    ".", "eyJ",
    "\"alg\":", "\"none\"", "\"HS256\"", "\"ES256\"", "\"crit\":", "\"kid\":", "\"exp\":", "\"iat\":", "\"nbf\":",
    "\"aud\":",
    "\"jti\":", "\"widget\":", "\"origin\":", "\"context\":", "\"call-info\":", "\"user-to-user\":", "9007199254740992",
    "-9007199254740992", "1800000300", "\u{FEFF}", "\u{0}", "AAAA", "_", "=",
  ]

  @Test func wholeTokensAreRefusedOrRight() {
    let seeds = Self.payloads.map { Array(Self.mint.sign($0).utf8) }
    var fuzzer = Fuzzer("token", seeds: seeds, tokens: Self.tokens, isText: true, limit: 4_200)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let text = String(decoding: input, as: UTF8.self)
      let token: CallToken
      do throws(TokenRefusal) { token = try Self.verifier.verify(text, at: Self.now) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add("\(error)")
        return outcome
      }
      // Without the key nobody makes one: only the seeds themselves are right.
      try FuzzFailure.unless(seeds.contains(Array(text.utf8)), "a forged token is refused")
      try FuzzFailure.unless(token.expires > 0, "a token expires")
      return .accepted
    }.check()
  }

  @Test func claimsAreReadOrRefusedAndPrintAgain() {
    let seeds = Self.payloads.map { Array($0.utf8) }
    var fuzzer = Fuzzer("claims", seeds: seeds, tokens: Self.tokens, isText: true, limit: 2_048)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let text = String(decoding: input, as: UTF8.self)
      guard let claims = ClaimReader.object(in: Array(text.utf8)) else { return .refused }
      var outcome = FuzzOutcome.accepted
      outcome.add(min(claims.count, 12))
      let printed = TokenMint.json(.object(claims))
      try FuzzFailure.unless(
        ClaimReader.object(in: Array(printed.utf8)) == claims, "what is printed is read as the same claims")
      // As the shop itself would have signed it.
      let token: CallToken
      do throws(TokenRefusal) { token = try Self.verifier.verify(Self.mint.sign(text), at: Self.now) } catch {
        outcome.add("\(error)")
        return outcome
      }
      outcome.add(size: token.context.count)
      let policy = ContextPolicy()
      try FuzzFailure.unless(token.context.count <= policy.maximumValues, "a context is bounded")
      let context = CallContext(id: "", signed: token.context, unsigned: [:], limit: policy.maximumValues)
      let fields = CustomerContext.headers(for: context, policy: policy)
      try FuzzFailure.unless(
        fields.count == (token.context.isEmpty ? 0 : token.context.count + 1), "every signed value has its header field"
      )
      for field in fields {
        try FuzzFailure.unless(
          field.value.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a header field is one line of ASCII")
      }
      return outcome
    }.check()
  }
}

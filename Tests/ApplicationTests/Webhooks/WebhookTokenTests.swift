import Application
import Crypto
import Primitives
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct WebhookTokenTests {
  private static let secret = "0123456789abcdef0123456789abcdef"

  private func decode(_ text: some StringProtocol) -> Data? {
    var text = String(text).replacing("-", with: "+").replacing("_", with: "/")
    text += String(repeating: "=", count: (4 - text.utf8.count % 4) % 4)
    return Data(base64Encoded: text)
  }

  private struct Claims: Decodable, Equatable {
    var iss: String
    var iat: Int64
    var exp: Int64
    var jti: String
    var sha256: String
  }

  @Test func theTokenSaysWhoWhenAndWhatAndIsSigned() throws {
    let token = WebhookToken.make(
      body: Array("abc".utf8), id: "crm-7", issuer: "conf.example", secret: Redacted(Self.secret), issued: 1_000)
    let parts = token.split(separator: ".", omittingEmptySubsequences: false)
    try #require(parts.count == 3)
    #expect(
      try JSONDecoder().decode([String: String].self, from: #require(decode(parts[0]))) == [
        "alg": "HS256", "typ": "JWT",
      ])
    let claims = try JSONDecoder().decode(Claims.self, from: #require(decode(parts[1])))
    // The digest of "abc" is in FIPS 180-2, appendix B.1.
    #expect(
      claims
        == Claims(
          iss: "conf.example", iat: 1_000, exp: 1_300, jti: "crm-7",
          sha256: "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"))
    let signed = Data("\(parts[0]).\(parts[1])".utf8)
    let code = try #require(decode(parts[2]))
    #expect(
      HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: signed, using: SymmetricKey(data: Data(Self.secret.utf8))))
    #expect(
      !HMAC<SHA256>.isValidAuthenticationCode(
        code, authenticating: signed, using: SymmetricKey(data: Data("another".utf8))))
  }

  @Test func itHasNothingThatAHeaderOrURLCannotHave() throws {
    for length in 0..<40 {
      let token = WebhookToken.make(
        body: [], id: String(repeating: "\u{FF}?", count: length), issuer: "x", secret: Redacted(Self.secret), issued: 0
      )
      #expect(
        token.utf8.allSatisfy {
          $0 == 0x2E || $0 == 0x2D || $0 == 0x5F || ($0 < 0x80 && Character(Unicode.Scalar($0)).isLetter)
            || (0x30...0x39).contains($0)
        })
    }
  }
}

import Crypto
import Primitives
import Testing

@testable import Application

@Suite struct TokenKeyTests {
  static let privateKey = P256.Signing.PrivateKey()
  static let publicKey = privateKey.publicKey.pemRepresentation

  @Test func aTokenSignedWithAPrivateKeyIsVerifiedWithItsPublicOne() throws {
    let mint = try #require(TokenMint(privateKey: Redacted(Self.privateKey.pemRepresentation)))
    let key = try #require(TokenKey(publicKey: Self.publicKey))
    #expect(key.algorithm == .es256)
    let verifier = TokenVerifier(keys: [key], domain: "conf.example")
    let token = CallToken(widget: "support", origin: "https://shop.example", expires: 1_060)
    #expect(try verifier.verify(mint.mint(token, issued: 1_000), at: 1_000) == token)
    let stranger = try #require(TokenMint(privateKey: Redacted(P256.Signing.PrivateKey().pemRepresentation)))
    #expect(throws: TokenRefusal.signature) { try verifier.verify(stranger.mint(token, issued: 1_000), at: 1_000) }
  }

  @Test(arguments: ["", "x", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"])
  func whatIsNoKeyMakesNone(text: String) {
    #expect(TokenKey(publicKey: text) == nil)
    #expect(TokenMint(privateKey: Redacted(text)) == nil)
  }

  @Test func aShortSecretMakesNoKey() {
    #expect(TokenKey(secret: Redacted(String(repeating: "a", count: 31))) == nil)
    #expect(TokenKey(secret: Redacted(String(repeating: "a", count: 32)))?.algorithm == .hs256)
  }
}

extension TokenKey {
  /// The keys of RFC 7515, appendix A, come as octets.
  static func secret(_ octets: [UInt8]) -> TokenKey { TokenKey(secret: octets) }
  static func point(_ octets: [UInt8]) -> TokenKey? {
    (try? P256.Signing.PublicKey(rawRepresentation: octets)).map { TokenKey(publicKey: $0) }
  }
}

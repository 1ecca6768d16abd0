import Crypto
import Primitives

/// The signature of a webhook's body: a JWT (RFC 7519) by HS256 (RFC 7515, appendix A.1) with the body's SHA-256 in it.
package enum WebhookToken {
  /// Seconds for which a token may be used.
  package static let lifetime: Int64 = 300

  /// - Parameters:
  ///   - id: of the delivery: the same whenever it is tried again, so that the receiver can tell what it has already.
  ///   - issued: Unix time, seconds.
  package static func make(
    body: [UInt8], id: String, issuer: String, secret: Redacted<String>, issued: Int64
  ) -> String {
    let digest = SHA256.hash(data: body).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let claims: [String: ClaimValue] = [
      "exp": .number(issued + lifetime), "iat": .number(issued), "iss": .text(issuer), "jti": .text(id),
      "sha256": .text(digest),
    ]
    return TokenMint(secret: secret).sign(TokenMint.json(.object(claims)))
  }
}

import Crypto

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The signature of a webhook's body: a JWT (RFC 7519) by HS256 (RFC 7515, appendix A.1) with the body's SHA-256 in it.
package enum WebhookToken {
  /// Seconds for which a token may be used.
  package static let lifetime: Int64 = 300

  private struct Claims: Encodable {
    var exp: Int64
    var iat: Int64
    var iss: String
    var jti: String
    var sha256: String
  }

  /// - Parameters:
  ///   - id: of the delivery: the same whenever it is tried again, so that the receiver can tell what it has already.
  ///   - issued: Unix time, seconds.
  package static func make(body: [UInt8], id: String, issuer: String, secret: String, issued: Int64) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let digest = SHA256.hash(data: body).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    let claims = Claims(exp: issued + lifetime, iat: issued, iss: issuer, jti: id, sha256: digest)
    let head = base64(Data(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
    let signed = head + "." + base64(try encoder.encode(claims))
    let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: Data(secret.utf8)))
    return signed + "." + base64(Data(code))
  }

  /// RFC 4648, section 5, without padding.
  private static func base64(_ data: Data) -> String {
    String(
      data.base64EncodedString().compactMap { character -> Character? in
        switch character {
        case "+": "-"
        case "/": "_"
        case "=": nil
        default: character
        }
      })
  }
}

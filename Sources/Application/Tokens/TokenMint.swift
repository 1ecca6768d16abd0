import Crypto
import Primitives

/// Makes tokens as a shop's back end does: for the demo, for tests of integrators, and for ours.
package struct TokenMint: Sendable {
  private enum Key: Sendable {
    case secret(Redacted<SymmetricKey>)
    case signing(Redacted<P256.Signing.PrivateKey>)
  }

  private let key: Key
  private let id: String?

  /// HS256.
  package init(secret: Redacted<String>, id: String? = nil) {
    key = .secret(Redacted(SymmetricKey(data: Array(secret.value.utf8))))
    self.id = id
  }

  /// ES256 with a private key in PEM; nil if it is none of P-256.
  package init?(privateKey pem: Redacted<String>, id: String? = nil) {
    guard let signing = try? P256.Signing.PrivateKey(pemRepresentation: pem.value) else { return nil }
    key = .signing(Redacted(signing))
    self.id = id
  }

  /// `more`: further claims of text, such as `iss` and `aud`. `issued`: seconds since 1970.
  package func mint(_ token: CallToken, issued: Int64, more: [String: String] = [:]) -> String {
    var claims: [String: ClaimValue] = [
      "widget": .text(token.widget), "origin": .text(token.origin), "iat": .number(issued),
      "exp": .number(token.expires),
    ]
    if let id = token.id { claims["jti"] = .text(id) }
    if !token.context.isEmpty { claims["context"] = .object(token.context.mapValues { .text($0) }) }
    claims.merge(more.mapValues { .text($0) }) { first, _ in first }
    return sign(TokenMint.json(.object(claims)))
  }

  /// Any payload at all, with a header that names our algorithm.
  package func sign(_ payload: String) -> String {
    var header: [String: ClaimValue] = ["typ": .text("JWT")]
    switch key {
    case .secret: header["alg"] = .text(TokenAlgorithm.hs256.rawValue)
    case .signing: header["alg"] = .text(TokenAlgorithm.es256.rawValue)
    }
    if let id { header["kid"] = .text(id) }
    return sign(header: TokenMint.json(.object(header)), payload: payload)
  }

  func sign(header: String, payload: String) -> String {
    let text = Base64URL.encode(Array(header.utf8)) + "." + Base64URL.encode(Array(payload.utf8))
    let octets = Array(text.utf8)
    let signature: [UInt8]
    switch key {
    case .secret(let secret):
      signature = Array(HMAC<SHA256>.authenticationCode(for: octets, using: secret.value))
    case .signing(let key):
      guard let made = try? key.value.signature(for: octets) else {
        preconditionFailure("A key that was read can sign.")
      }
      signature = Array(made.rawRepresentation)
    }
    return text + "." + Base64URL.encode(signature)
  }

  /// RFC 8259, with the members in the order of their names.
  package static func json(_ value: ClaimValue) -> String {
    switch value {
    case .text(let text): quoted(text)
    case .number(let number): String(number)
    case .list(let values): "[" + values.map(json).joined(separator: ",") + "]"
    case .object(let members):
      "{" + members.sorted { $0.key < $1.key }.map { quoted($0.key) + ":" + json($0.value) }.joined(separator: ",")
        + "}"
    case .other: "null"
    }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": result += "\\\(scalar)"
      case "\u{0}"..<"\u{20}":
        let digits = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}

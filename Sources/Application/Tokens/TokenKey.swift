import Crypto
import Primitives

/// What a shop's tokens are checked with. A key is for one algorithm, so that no token chooses how it is read
/// (RFC 8725, section 3.1).
package struct TokenKey: Sendable {
  private enum Material: Sendable {
    /// RFC 7518, section 3.2.
    case secret(Redacted<SymmetricKey>)
    /// Section 3.4: curve P-256.
    case verifying(P256.Signing.PublicKey)
  }

  /// Octets of a secret: as many as the hash has (RFC 7518, section 3.2).
  package static let secretLength = 32

  /// `kid` of the tokens that are signed with it; nil: any.
  package let id: String?
  private let material: Material

  /// Nil if the secret is too short.
  package init?(secret: Redacted<String>, id: String? = nil) {
    guard secret.value.utf8.count >= TokenKey.secretLength else { return nil }
    self.init(secret: Array(secret.value.utf8), id: id)
  }

  init(secret: [UInt8], id: String? = nil) {
    self.id = id
    material = .secret(Redacted(SymmetricKey(data: secret)))
  }

  /// A public key in PEM (RFC 7468, section 13); nil if it is none of P-256.
  package init?(publicKey pem: String, id: String? = nil) {
    guard let key = try? P256.Signing.PublicKey(pemRepresentation: pem) else { return nil }
    self.init(publicKey: key, id: id)
  }

  init(publicKey: P256.Signing.PublicKey, id: String? = nil) {
    self.id = id
    material = .verifying(publicKey)
  }

  package var algorithm: TokenAlgorithm {
    switch material {
    case .secret: .hs256
    case .verifying: .es256
    }
  }

  /// RFC 7515, section 5.2. The time does not depend on where codes differ.
  func isSignature(_ signature: [UInt8], of octets: [UInt8]) -> Bool {
    switch material {
    case .secret(let secret):
      HMAC<SHA256>.isValidAuthenticationCode(signature, authenticating: octets, using: secret.value)
    case .verifying(let key):
      // R and S, 32 octets each.
      (try? P256.Signing.ECDSASignature(rawRepresentation: signature)).map { key.isValidSignature($0, for: octets) }
        ?? false
    }
  }
}

/// Why a token is not taken. Costs the call that came with it.
package enum TokenRefusal: Error, Hashable, Sendable, CustomStringConvertible {
  case tooLong
  case malformed
  /// None, or any that no key of ours is for.
  case algorithm
  /// Of no key of ours.
  case signature
  case expired
  case notYetValid
  /// It would be valid for longer than tokens may be.
  case lifetime
  /// A claim is missing, or is not what it must be.
  case claim(String)

  package var description: String {
    switch self {
    case .tooLong: "The token is too long"
    case .malformed: "The token is malformed"
    case .algorithm: "The token's algorithm is not accepted"
    case .signature: "The token's signature is wrong"
    case .expired: "The token has expired"
    case .notYetValid: "The token is not valid yet"
    case .lifetime: "The token is valid for too long"
    case .claim(let name): "The token's claim '\(name)' is missing or wrong"
    }
  }
}

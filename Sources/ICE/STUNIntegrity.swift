import Crypto

/// The keyed hash of MESSAGE-INTEGRITY and MESSAGE-INTEGRITY-SHA256: RFC 8489, sections 14.5 and 14.6.
package enum STUNIntegrity: Hashable, Sendable {
  case sha1
  case sha256

  /// Octets of the whole hash.
  var count: Int {
    switch self {
    case .sha1: 20
    case .sha256: 32
    }
  }

  var attribute: STUNAttribute {
    switch self {
    case .sha1: .messageIntegrity
    case .sha256: .messageIntegritySHA256
    }
  }

  /// - Parameters:
  ///   - message: all in front of the attribute, with a length field that counts the attribute.
  ///   - key: of short-term credentials the password's octets.
  func hash(_ message: [UInt8], key: [UInt8]) -> [UInt8] {
    let key = SymmetricKey(data: key)
    return switch self {
    case .sha1: Array(HMAC<Insecure.SHA1>.authenticationCode(for: message, using: key))
    case .sha256: Array(HMAC<SHA256>.authenticationCode(for: message, using: key))
    }
  }

  /// The key of long-term credentials: RFC 8489, section 9.2.2 (with MD5).
  package static func longTermKey(username: String, realm: String, password: String) -> [UInt8] {
    Array(Insecure.MD5.hash(data: Array("\(username):\(realm):\(password)".utf8)))
  }
}

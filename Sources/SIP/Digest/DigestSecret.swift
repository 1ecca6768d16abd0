/// What proves a user: the password, or the hashes of user, realm and password (HA1) that a store keeps instead.
package enum DigestSecret: Hashable, Sendable {
  case password(String)
  /// Lower-case hex; nil for an algorithm whose hash is not stored.
  case stored(md5: String?, sha256: String?)

  /// The hashes to store for a user of this realm (RFC 7616, section 3.4.2).
  package static func stored(username: String, realm: String, password: String) -> DigestSecret {
    let text = "\(username):\(realm):\(password)"
    return .stored(md5: DigestAlgorithm.md5.hash(text), sha256: DigestAlgorithm.sha256.hash(text))
  }

  /// H(user:realm:password); nil if it is not stored for this algorithm.
  package func hash(username: String, realm: String, algorithm: DigestAlgorithm) -> String? {
    switch self {
    case .password(let password): algorithm.hash("\(username):\(realm):\(password)")
    case .stored(let md5, let sha256):
      switch algorithm {
      case .md5, .md5Session: md5?.lowercased()
      case .sha256, .sha256Session: sha256?.lowercased()
      }
    }
  }
}

extension DigestSecret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "‹redacted›" }
  package var debugDescription: String { "‹redacted›" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

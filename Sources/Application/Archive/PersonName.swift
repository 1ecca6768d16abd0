import Crypto

/// How people stand in ledger and access log.
package enum PersonName {
  /// By the first 32 bits of the SHA-256 of a token: they tell tokens apart and give none away.
  package static func ofToken(_ token: String) -> String {
    "token " + HexText.text(SHA256.hash(data: Array(token.utf8)).prefix(4))
  }
}

/// What a digest protects: RFC 7616, section 3.3 (`qop`).
package enum DigestQuality: String, Hashable, Sendable, Codable {
  /// Method and URI.
  case auth = "auth"
  /// The body too.
  case authInt = "auth-int"
}

import Crypto
import Primitives

/// A user name and password for a TURN server that are valid for a while: the "TURN REST API" that coturn's
/// `use-auth-secret` speaks.
///
/// The name is `expiry:user`, expiry in seconds since 1970; the password is base64(HMAC-SHA1(secret, name)), so that server
/// and TURN server need to share no more than the secret.
package struct TURNCredentials: Hashable, Sendable {
  package let username: String
  package let password: Redacted<String>
  /// Seconds of life.
  package let ttl: Int64

  /// - Parameters:
  ///   - secret: shared with the TURN server (`static-auth-secret`).
  ///   - user: who they are for; an id of ours, without personal data, because TURN servers log it.
  ///   - ttl: seconds, from 1 to a day.
  ///   - now: seconds since 1970.
  package init(secret: Redacted<String>, user: String, ttl: Int64, at now: Int64) {
    self.ttl = min(max(ttl, 1), 86_400)
    username = "\(now &+ self.ttl):\(user)"
    let key = SymmetricKey(data: Array(secret.value.utf8))
    let code = HMAC<Insecure.SHA1>.authenticationCode(for: Array(username.utf8), using: key)
    password = Redacted(Self.base64(Array(code)))
  }

  /// RFC 4648, section 4.
  static func base64(_ octets: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    text.reserveCapacity((octets.count + 2) / 3 * 4)
    for start in stride(from: 0, to: octets.count, by: 3) {
      let group = octets[start..<min(start + 3, octets.count)]
      var bits: UInt32 = 0
      for octet in group { bits = bits << 8 | UInt32(octet) }
      bits <<= UInt32(8 * (3 - group.count))
      for index in 0..<4 {
        text.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

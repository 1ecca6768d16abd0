/// What a client proves itself with: Authorization and Proxy-Authorization of RFC 7616, section 3.4.
package struct DigestCredentials: Hashable, Sendable {
  /// The user's name, or its hash if `isUserHashed`.
  package var username: String
  package var realm: String
  package var nonce: String
  /// The Request-URI as the client sent it; a proxy may have changed the request's since.
  package var uri: String
  /// Lower-case hex.
  package var response: String
  package var algorithm: DigestAlgorithm
  package var clientNonce: String?
  package var opaque: String?
  package var quality: DigestQuality?
  /// How often this nonce was used, with this request; nil without `qop`.
  package var count: UInt32?
  package var isUserHashed: Bool

  package init(
    username: String, realm: String, nonce: String, uri: String, response: String, algorithm: DigestAlgorithm,
    clientNonce: String? = nil, opaque: String? = nil, quality: DigestQuality? = nil, count: UInt32? = nil,
    isUserHashed: Bool = false
  ) {
    self.username = username
    self.realm = realm
    self.nonce = nonce
    self.uri = uri
    self.response = response
    self.algorithm = algorithm
    self.clientNonce = clientNonce
    self.opaque = opaque
    self.quality = quality
    self.count = count
    self.isUserHashed = isUserHashed
  }

  /// Nil for other schemes, unknown algorithms or qualities, and missing parameters.
  package init?(_ text: String) {
    guard let parameters = AuthenticationParameters(text), parameters.isDigest,
      let username = parameters["username"], let realm = parameters["realm"], let nonce = parameters["nonce"],
      let uri = parameters["uri"], let response = parameters["response"],
      let algorithm = DigestAlgorithm(name: parameters["algorithm"] ?? "MD5")
    else { return nil }
    self.init(
      username: username, realm: realm, nonce: nonce, uri: uri, response: response.lowercased(), algorithm: algorithm,
      clientNonce: parameters["cnonce"], opaque: parameters["opaque"], isUserHashed: parameters.isTrue("userhash"))
    if algorithm.isSession, clientNonce == nil { return nil }
    if let qop = parameters["qop"] {
      guard let quality = DigestQuality(rawValue: qop.lowercased()), clientNonce != nil, let nc = parameters["nc"],
        nc.utf8.count == 8, nc.utf8.first != UInt8(ascii: "+"), let count = UInt32(nc, radix: 16)
      else { return nil }
      self.quality = quality
      self.count = count
    }
  }

  /// True if these are the credentials of this user, whose name may be hashed (RFC 7616, section 3.4.4).
  package func belong(to user: String) -> Bool {
    isUserHashed ? username.lowercased() == algorithm.hash("\(user):\(realm)") : username == user
  }

  /// What `response` has to be: RFC 7616, section 3.4.1. `hash` is H(user:realm:password).
  package func expectedResponse(hash: String, method: SIPMethod, body: [UInt8]) -> String {
    let first = algorithm.isSession ? algorithm.hash("\(hash):\(nonce):\(clientNonce ?? "")") : hash
    var second = "\(method.rawValue):\(uri)"
    guard let quality else { return algorithm.hash("\(first):\(nonce):\(algorithm.hash(second))") }
    if quality == .authInt { second += ":" + algorithm.hash(body) }
    let parts = [
      first, nonce, DigestCredentials.hex(count ?? 0), clientNonce ?? "", quality.rawValue, algorithm.hash(second),
    ]
    return algorithm.hash(parts.joined(separator: ":"))
  }

  /// Eight digits, as `nc` is written.
  private static func hex(_ count: UInt32) -> String {
    let digits = String(count, radix: 16)
    return String(repeating: "0", count: 8 - digits.utf8.count) + digits
  }
}

extension DigestCredentials: CustomStringConvertible {
  package var description: String {
    var text = "Digest username=\(CharacterClass.quoted(username)), realm=\(CharacterClass.quoted(realm))"
    text += ", nonce=\(CharacterClass.quoted(nonce)), uri=\(CharacterClass.quoted(uri))"
    text += ", response=\(CharacterClass.quoted(response))"
    text += ", algorithm=\(algorithm.rawValue)"
    if let clientNonce { text += ", cnonce=\(CharacterClass.quoted(clientNonce))" }
    if let opaque { text += ", opaque=\(CharacterClass.quoted(opaque))" }
    if let quality { text += ", qop=\(quality.rawValue)" }
    if let count { text += ", nc=\(DigestCredentials.hex(count))" }
    if isUserHashed { text += ", userhash=true" }
    return text
  }
}

/// What a server asks of a client: WWW-Authenticate and Proxy-Authenticate of RFC 7616, section 3.3.
package struct DigestChallenge: Hashable, Sendable {
  package var realm: String
  package var nonce: String
  package var opaque: String?
  package var algorithm: DigestAlgorithm
  /// Empty if the server is of RFC 2069's time.
  package var qualities: [DigestQuality]
  /// True if only the nonce was too old.
  package var isStale: Bool
  /// True if the server takes hashed user names.
  package var takesUserHash: Bool

  package init(
    realm: String, nonce: String, opaque: String? = nil, algorithm: DigestAlgorithm,
    qualities: [DigestQuality] = [.auth], isStale: Bool = false, takesUserHash: Bool = false
  ) {
    self.realm = realm
    self.nonce = nonce
    self.opaque = opaque
    self.algorithm = algorithm
    self.qualities = qualities
    self.isStale = isStale
    self.takesUserHash = takesUserHash
  }

  /// Nil for other schemes, unknown algorithms (RFC 7616, section 3.3: ignore the challenge) and missing parameters.
  package init?(_ text: String) {
    guard let parameters = AuthenticationParameters(text), parameters.isDigest, let realm = parameters["realm"],
      let nonce = parameters["nonce"], let algorithm = DigestAlgorithm(name: parameters["algorithm"] ?? "MD5")
    else { return nil }
    self.init(realm: realm, nonce: nonce, opaque: parameters["opaque"], algorithm: algorithm)
    if let qop = parameters["qop"] {
      qualities = qop.split(separator: ",").compactMap {
        DigestQuality(rawValue: CharacterClass.trimmed($0).lowercased())
      }
      if qualities.isEmpty { return nil }
    } else {
      qualities = []
    }
    isStale = parameters.isTrue("stale")
    takesUserHash = parameters.isTrue("userhash")
  }

  /// The best challenge of a 401 or 407: SHA-256 before MD5 (RFC 8760, section 2.4); nil if none can be answered. Pass the
  /// realm that the credentials are meant for, so that no other server learns a digest of them.
  package static func choose(from headers: SIPHeaders, status: Int, realm: String? = nil) -> DigestChallenge? {
    let name = status == 407 ? "Proxy-Authenticate" : "WWW-Authenticate"
    var best: DigestChallenge?
    for challenge in headers.all(name).compactMap({ DigestChallenge($0) })
    where realm == nil || challenge.realm == realm {
      if best.map({ challenge.algorithm.strength > $0.algorithm.strength }) ?? true { best = challenge }
    }
    return best
  }

  /// The credentials that answer this challenge, with `auth` if the server takes it.
  ///
  /// - Parameters:
  ///   - count: how many requests this nonce was used for, with this one; from 1.
  ///   - clientNonce: fresh, from a `RandomSource`.
  /// - Returns: nil if the secret is not stored for this algorithm.
  package func answer(
    username: String, secret: DigestSecret, method: SIPMethod, uri: String, body: [UInt8] = [], count: UInt32,
    clientNonce: String
  ) -> DigestCredentials? {
    guard let hash = secret.hash(username: username, realm: realm, algorithm: algorithm) else { return nil }
    let quality = qualities.contains(.auth) ? .auth : qualities.first
    var credentials = DigestCredentials(
      username: takesUserHash ? algorithm.hash("\(username):\(realm)") : username, realm: realm, nonce: nonce, uri: uri,
      response: "", algorithm: algorithm, opaque: opaque, isUserHashed: takesUserHash)
    if quality != nil || algorithm.isSession { credentials.clientNonce = clientNonce }
    credentials.quality = quality
    if quality != nil { credentials.count = count }
    credentials.response = credentials.expectedResponse(hash: hash, method: method, body: body)
    return credentials
  }
}

extension DigestChallenge: CustomStringConvertible {
  package var description: String {
    var text = "Digest realm=\(CharacterClass.quoted(realm)), nonce=\(CharacterClass.quoted(nonce))"
    if let opaque { text += ", opaque=\(CharacterClass.quoted(opaque))" }
    text += ", algorithm=\(algorithm.rawValue)"
    if !qualities.isEmpty { text += ", qop=\"\(qualities.map(\.rawValue).joined(separator: ","))\"" }
    if isStale { text += ", stale=true" }
    if takesUserHash { text += ", userhash=true" }
    return text
  }
}

/// Checks the tokens that browsers bring: JSON Web Tokens (RFC 7519) in compact form, signed (RFC 7515) by HS256 or ES256,
/// and read as RFC 8725 advises.
package struct TokenVerifier: Sendable {
  /// Octets of a whole token.
  package static let lengthLimit = 4_096
  /// Keys that can be in force at once, while old ones are replaced.
  package static let keyLimit = 16
  private static let nameLimit = 64

  private let keys: [TokenKey]
  /// Wanted as `iss`; nil: any.
  private let issuer: String?
  /// Wanted in `aud`; a token without one is taken only if `needsAudience` is false.
  private let audience: String
  private let needsAudience: Bool
  /// Seconds that clocks may differ.
  private let leeway: Int64
  /// The longest that a token may be valid, in seconds.
  private let lifetime: Int64
  private let policy: ContextPolicy

  /// - Parameters:
  ///   - audience: what tokens must name; nil: they need not, but if they do, it is `domain`.
  ///   - leeway: seconds.
  ///   - lifetime: seconds.
  package init(
    keys: [TokenKey], issuer: String? = nil, audience: String? = nil, domain: String, leeway: Int = 30,
    lifetime: Int = 600, policy: ContextPolicy = ContextPolicy()
  ) {
    self.keys = Array(keys.prefix(TokenVerifier.keyLimit))
    self.issuer = issuer
    self.audience = audience ?? domain
    self.needsAudience = audience != nil
    self.leeway = Int64(leeway)
    self.lifetime = Int64(lifetime)
    self.policy = policy
  }

  /// `now`: seconds since 1970.
  package func verify(_ text: String, at now: Int64) throws(TokenRefusal) -> CallToken {
    let token = Array(text.utf8)
    guard token.count <= TokenVerifier.lengthLimit else { throw .tooLong }
    let parts = token.split(separator: UInt8(ascii: "."), maxSplits: 3, omittingEmptySubsequences: false)
    guard parts.count == 3, let header = Base64URL.decode(parts[0]).flatMap(ClaimReader.object),
      let payload = Base64URL.decode(parts[1]), let signature = Base64URL.decode(parts[2])
    else { throw .malformed }
    // What must be understood, and is not (RFC 7515, section 4.1.11).
    guard header["crit"] == nil else { throw .malformed }
    if let type = header["typ"], type.text?.lowercased() != "jwt" { throw .malformed }
    guard let algorithm = header["alg"]?.text.flatMap(TokenAlgorithm.init) else { throw .algorithm }
    let fitting = keys.filter { $0.algorithm == algorithm }
    guard !fitting.isEmpty else { throw .algorithm }
    let id = header["kid"]?.text
    let signed = Array(token.prefix(parts[0].count + 1 + parts[1].count))
    // A key with a name is only for tokens that name it, or name none.
    guard
      fitting.contains(where: { (id == nil || $0.id == nil || $0.id == id) && $0.isSignature(signature, of: signed) })
    else { throw .signature }
    // Nothing of it was believed before.
    guard let claims = ClaimReader.object(in: payload) else { throw .malformed }
    return try callToken(from: claims, at: now)
  }

  private func callToken(from claims: [String: ClaimValue], at now: Int64) throws(TokenRefusal) -> CallToken {
    guard let expires = claims["exp"]?.number else { throw .claim("exp") }
    // Numbers are below 2^53 and settings small, so no sum overflows.
    guard now < expires + leeway else { throw .expired }
    guard expires - now <= lifetime + leeway else { throw .lifetime }
    for name in ["nbf", "iat"] {
      guard let value = claims[name] else { continue }
      guard let time = value.number else { throw .claim(name) }
      guard time <= now + leeway else { throw .notYetValid }
      if name == "iat", expires - time > lifetime { throw .lifetime }
    }
    if let issuer, claims["iss"]?.text != issuer { throw .claim("iss") }
    if claims["aud"] != nil || needsAudience {
      let isMeant =
        switch claims["aud"] {
        case .text(let name)?: name == audience
        case .list(let names)?: names.contains(.text(audience))
        case .number?, .object?, .other?, nil: false
        }
      guard isMeant else { throw .claim("aud") }
    }
    guard let widget = claims["widget"]?.text, NamePattern.isPlainName(widget) else { throw .claim("widget") }
    guard let origin = claims["origin"]?.text, !origin.isEmpty else { throw .claim("origin") }
    var id: String?
    if let claim = claims["jti"] {
      guard let text = claim.text, (1...TokenVerifier.nameLimit).contains(text.utf8.count) else { throw .claim("jti") }
      id = text
    }
    return CallToken(
      widget: widget, origin: origin.lowercased(), id: id, expires: expires, context: try context(claims["context"]))
  }

  private func context(_ claim: ClaimValue?) throws(TokenRefusal) -> [String: String] {
    guard let claim else { return [:] }
    guard let members = claim.object, members.count <= policy.maximumValues else { throw .claim("context") }
    var context: [String: String] = [:]
    for (name, value) in members {
      guard let text = value.text, CustomerContext.isAcceptable(name, text, policy: policy) else {
        throw .claim("context")
      }
      context[name] = text
    }
    return context
  }
}

import Crypto
import Primitives

/// The server's side of digest authentication: makes challenges and checks credentials (RFC 7616, RFC 8760, RFC 3261,
/// section 22).
///
/// A nonce tells its own age and is signed, so that handing one out costs no memory; only nonces that a known user has
/// used are remembered, to refuse replays.
///
/// ```
/// nonce = issued, nanoseconds (16 hex) | random (16 hex) | HMAC-SHA-256 of both (32 hex)
/// ```
package struct DigestVerifier: Sendable {
  package enum Verdict: Hashable, Sendable {
    case accepted
    /// Right secret, old or used nonce: challenge again with `isStale`.
    case stale
    case refused(Refusal)
  }

  package enum Refusal: String, Hashable, Sendable {
    case otherRealm, algorithm, quality, foreignNonce, unknownUser, wrongResponse
  }

  package let realm: String
  /// In the order of preference; each gets its own challenge.
  package let algorithms: [DigestAlgorithm]
  package let qualities: [DigestQuality]
  /// How long a nonce may be used.
  package let lifetime: Duration
  package let takesUserHash: Bool

  private let key: SymmetricKey
  private var uses: [String: NonceUse] = [:]
  /// The nonces in `uses` in the order of their first use.
  private var order: [(nonce: String, issued: Instant)] = []
  private var nextInOrder = 0
  /// Nonces that were issued up to here are stale: what we knew of them had to make room.
  private var forgotten: Instant?
  private let useLimit: Int

  /// - Parameter useLimit: used nonces remembered at once; beyond it the oldest become stale.
  package init(
    realm: String, algorithms: [DigestAlgorithm] = [.sha256, .md5], qualities: [DigestQuality] = [.auth],
    lifetime: Duration = .seconds(300), takesUserHash: Bool = false, useLimit: Int = 20_000,
    random: inout RandomSource
  ) {
    self.realm = realm
    self.algorithms = algorithms
    self.qualities = qualities
    self.lifetime = lifetime
    self.takesUserHash = takesUserHash
    self.useLimit = max(1, useLimit)
    var bytes = ByteWriter(capacity: 32)
    for _ in 0..<4 { bytes.write(random.next()) }
    self.key = SymmetricKey(data: bytes.bytes)
  }

  /// Nonces that are remembered.
  package var rememberedCount: Int { uses.count }

  /// One challenge for each algorithm; every one goes into a field of its own.
  package func challenges(at now: Instant, random: inout RandomSource, isStale: Bool = false) -> [DigestChallenge] {
    algorithms.map { algorithm in
      DigestChallenge(
        realm: realm, nonce: makeNonce(at: now, random: &random), algorithm: algorithm, qualities: qualities,
        isStale: isStale, takesUserHash: takesUserHash)
    }
  }

  /// Checks credentials; `secret` is the one of the user that they name, nil if there is none. `user` is needed only when
  /// the credentials hold a hashed name.
  package mutating func verify(
    _ credentials: DigestCredentials, user: String? = nil, method: SIPMethod, body: [UInt8], secret: DigestSecret?,
    at now: Instant
  ) -> Verdict {
    guard credentials.realm == realm else { return .refused(.otherRealm) }
    guard algorithms.contains(credentials.algorithm) else { return .refused(.algorithm) }
    // Without qop (RFC 2069) a nonce is good for one request.
    if let quality = credentials.quality, !qualities.contains(quality) { return .refused(.quality) }
    guard let issued = issue(of: credentials.nonce) else { return .refused(.foreignNonce) }
    // An unknown user takes as long as a wrong password.
    let username = user ?? credentials.username
    let known = secret ?? .password("")
    let hash = known.hash(username: username, realm: realm, algorithm: credentials.algorithm) ?? ""
    let expected = credentials.expectedResponse(hash: hash, method: method, body: body)
    let isRight = DigestVerifier.equal(expected, credentials.response)
    guard secret != nil, !hash.isEmpty else { return .refused(.unknownUser) }
    guard isRight else { return .refused(.wrongResponse) }
    guard isFresh(issued, at: now) else { return .stale }
    return use(credentials.nonce, issued: issued, count: credentials.count ?? .max, at: now) ? .accepted : .stale
  }

  private func isFresh(_ issued: Instant, at now: Instant) -> Bool {
    if let forgotten, issued <= forgotten { return false }
    return issued <= now && now < issued + lifetime
  }

  private mutating func use(_ nonce: String, issued: Instant, count: UInt32, at now: Instant) -> Bool {
    if uses[nonce] == nil {
      dropOld(at: now)
      order.append((nonce, issued))
    }
    return uses[nonce, default: NonceUse()].take(count)
  }

  /// Forgets nonces that are too old anyway, and one more if there is no room.
  private mutating func dropOld(at now: Instant) {
    while nextInOrder < order.count {
      let first = order[nextInOrder]
      if first.issued + lifetime > now {
        guard uses.count >= useLimit else { break }
        forgotten = max(forgotten ?? first.issued, first.issued)
      }
      uses[first.nonce] = nil
      nextInOrder += 1
    }
    if nextInOrder > 1_024, nextInOrder * 2 > order.count {
      order.removeFirst(nextInOrder)
      nextInOrder = 0
    }
  }

  private func makeNonce(at now: Instant, random: inout RandomSource) -> String {
    let digits = String(UInt64(bitPattern: now.nanoseconds), radix: 16)
    let head = String(repeating: "0", count: 16 - digits.utf8.count) + digits + random.token(16)
    return head + signature(head)
  }

  private func signature(_ head: String) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array(head.utf8), using: key)
    return String(DigestAlgorithm.hex(code).prefix(32))
  }

  /// When we issued the nonce; nil if we did not.
  private func issue(of nonce: String) -> Instant? {
    guard nonce.utf8.count == 64 else { return nil }
    let bytes = Array(nonce.utf8)
    let head = String(decoding: bytes[..<32], as: UTF8.self)
    guard DigestVerifier.equal(signature(head), String(decoding: bytes[32...], as: UTF8.self)),
      let nanoseconds = UInt64(head.prefix(16), radix: 16)
    else { return nil }
    return Instant(nanoseconds: Int64(bitPattern: nanoseconds))
  }

  /// Compares in a time that does not tell where the difference is.
  private static func equal(_ left: String, _ right: String) -> Bool {
    let left = Array(left.utf8)
    let right = Array(right.utf8)
    guard left.count == right.count else { return false }
    var difference: UInt8 = 0
    for index in left.indices { difference |= left[index] ^ right[index] }
    return difference == 0
  }
}

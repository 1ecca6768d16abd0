import Logging
import Primitives
import SIP

/// Who is who: RFC 3261, section 22, and RFC 8760. We are never a proxy, so it is 401 and Authorization.
extension CallController {
  /// Who sends a request outside of dialogs; nil if it was answered with a challenge or a refusal.
  ///
  /// Who says to be of our domain proves it, whether such a user exists or not. Others are guests. Who brings credentials
  /// is held to them.
  func caller(
    of request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource, mustBeUser: Bool = false
  ) async -> Caller? {
    let now = clock.now
    let from = request.headers.from?.uri.sip
    let credentials = request.headers.all("Authorization").lazy.compactMap { DigestCredentials($0) }
      .first { $0.realm == self.settings.digestRealm }
    let claimsUs = from.map { isOurs($0, reachedAt: source) } ?? false
    let known = from?.user.map { settings.user($0) != nil } ?? false
    let isAsked =
      mustBeUser || !(settings.admitsGuests || isTrunk(source))
      || (claimsUs && !settings.users.isEmpty && (known || settings.challengesUnknownUsers))
    guard isAsked || credentials != nil else {
      guard !isBound(source) else {
        refuse(request, in: transaction, 403, "This page calls by its widget")
        return nil
      }
      return Caller(user: nil)
    }
    guard !failedLogins.isBlocked(source.remote.ip, at: now) else {
      refuse(request, in: transaction, 403)
      return nil
    }
    guard let credentials else {
      challenge(request, in: transaction, isStale: false)
      return nil
    }
    let user = settings.user(credentials.username)
    switch verifier.verify(credentials, method: request.method, body: request.body, secret: user?.secret, at: now) {
    case .accepted: break
    case .stale:
      challenge(request, in: transaction, isStale: true)
      return nil
    case .refused(let refusal):
      challenge(request, in: transaction, isStale: false)
      await loginFailed(refusal, credentials.username, request.method, from: source)
      return nil
    }
    // The name shown is the name proved.
    guard claimsUs, from?.user == credentials.username else {
      refuse(request, in: transaction, 403, "From is not the user's")
      return nil
    }
    return Caller(user: credentials.username)
  }

  private func challenge(_ request: SIPRequest, in transaction: ServerTransactionID, isStale: Bool) {
    let challenges = verifier.challenges(at: clock.now, random: &random, isStale: isStale)
    refuse(
      request, in: transaction, 401, headers: challenges.map { (name: "WWW-Authenticate", value: $0.description) })
  }

  private func loginFailed(
    _ refusal: DigestVerifier.Refusal, _ username: String, _ method: SIPMethod, from source: SIPSource
  ) async {
    switch refusal {
    // Nothing was tried: the nonce is another server's, or from before a restart.
    case .otherRealm, .algorithm, .quality, .foreignNonce: return
    case .unknownUser, .wrongResponse: break
    }
    let blocks = failedLogins.failed(source.remote.ip, at: clock.now)
    let values = [
      "user": Party.harmless(username, limit: 64), "source": source.remote.description, "method": method.rawValue,
      "blocked": "\(blocks)",
    ]
    await hub.emit("auth-failed", values)
    if blocks {
      logger.notice("source blocked: wrong passwords", metadata: ["source": "\(source.remote.ip)"])
      await tellLimit("logins", at: FailedLogins.tries)
    }
  }

  /// Of our domain by name, or by the very address that the request reached.
  func isOurs(_ uri: SIPURI, reachedAt source: SIPSource) -> Bool {
    if settings.isOurs(uri.host) { return true }
    guard let ip = uri.host.address else { return false }
    return ip.unmapped == source.local.ip.unmapped
      && (uri.port ?? source.transport.defaultPort) == source.local.port
  }

  /// A trunk calls from its configured address.
  private func isTrunk(_ source: SIPSource) -> Bool {
    settings.trunks.contains { $0.destination?.address.ip.unmapped == source.remote.ip.unmapped }
  }
}

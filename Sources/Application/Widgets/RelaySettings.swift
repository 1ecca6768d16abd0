import ICE
import Primitives

/// The operator's TURN servers, for browsers whose networks let nothing else through; a value from the configuration.
package struct RelaySettings: Hashable, Sendable {
  /// RFC 7065: `turn:HOST:PORT?transport=udp`, `turns:…`.
  package var urls: [String]
  /// Shared with the servers.
  package var secret: Redacted<String>
  /// Seconds that credentials are good for.
  package var lifetime: Int

  package init(urls: [String], secret: Redacted<String>, lifetime: Int) {
    self.urls = urls
    self.secret = secret
    self.lifetime = lifetime
  }

  /// Credentials for one browser, whose name says nothing of it. `now`: seconds since 1970.
  package func description(at now: Int64, random: inout RandomSource) -> RelayDescription {
    let credentials = TURNCredentials(secret: secret, user: random.token(8), ttl: Int64(lifetime), at: now)
    return RelayDescription(
      iceServers: [
        .init(urls: urls, username: credentials.username, credential: credentials.password.value)
      ],
      lifetime: Int(credentials.ttl))
  }
}

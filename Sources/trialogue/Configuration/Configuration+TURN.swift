import Application
import Primitives

/// TURN servers of the operator.
extension Configuration {
  struct TURN: Sendable, Hashable {
    /// None: browsers get no TURN servers.
    var urls: [String] = []
    /// Shared with them (coturn: `static-auth-secret`).
    var secret: Redacted<String>?
    /// Seconds that credentials are good for.
    var lifetime = 3_600
  }

  var relaySettings: RelaySettings? {
    guard let secret = turn.secret, !turn.urls.isEmpty else { return nil }
    return RelaySettings(urls: turn.urls, secret: secret, lifetime: turn.lifetime)
  }

  mutating func readTURN(_ section: SectionReader) {
    turn.urls = section.strings("urls", default: turn.urls)
    for url in turn.urls where !Configuration.isTURN(url) {
      section.problem("urls", "'\(url)' is no address of a TURN server; write 'turn:turn.example:3478?transport=udp'")
    }
    turn.secret = section.optionalString("secret").map { Redacted($0) }
    if !turn.urls.isEmpty, turn.secret == nil { section.problem("secret", "is missing; write it, or secret_file") }
    turn.lifetime = section.integer("lifetime", default: turn.lifetime, in: 60...86_400)
    section.finish()
  }

  /// RFC 7065, section 3.1, as far as it shows whether one was meant.
  private static func isTURN(_ text: String) -> Bool {
    guard let colon = text.firstIndex(of: ":"), ["turn", "turns"].contains(text[..<colon].lowercased()) else {
      return false
    }
    let rest = text[text.index(after: colon)...]
    return !rest.isEmpty && !rest.hasPrefix("//") && rest.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }
}

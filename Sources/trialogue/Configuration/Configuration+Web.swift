import Application
import Primitives
import SIP

/// Pages, and who may call from them.
extension Configuration {
  struct Web: Sendable, Hashable {
    /// Whose pages may open SIP over WebSocket, beside ours: `https://shop.example`.
    var origins: [String] = []
    /// Of the pages.
    var directory = "web"
    var widgets = [WidgetLine(name: "support", destination: "support")]
    var tokens = Tokens()
  }

  struct WidgetLine: Sendable, Hashable {
    var name: String
    /// A name that could be dialled here.
    var destination: String
    /// Whose pages may have it; empty: our own and those of `web.origins`.
    var origins: [String] = []
    var language: String?
    var limits = WidgetLimits()
  }

  struct Tokens: Sendable, Hashable {
    enum Material: Sendable, Hashable {
      /// HS256.
      case secret(Redacted<String>)
      /// ES256, in PEM.
      case publicKey(String)
    }

    struct Key: Sendable, Hashable {
      var id: String?
      var material: Material
    }

    /// None: no tokens are asked for.
    var keys: [Key] = []
    var issuer: String?
    /// What tokens must name; nil: they need not.
    var audience: String?
    /// Seconds that clocks may differ.
    var leeway = 30
    /// The longest that a token may be valid, in seconds.
    var lifetime = 600
  }

  mutating func readWeb(_ section: SectionReader) {
    web.directory = section.string("directory", default: web.directory)
    web.origins = Configuration.origins(section, default: web.origins)
    if let widgets = section.sections("widgets") { web.widgets = widgets.map(Configuration.readWidget) }
    web.tokens = Configuration.readTokens(section.section("tokens"))
    section.finish()
  }

  private static func readWidget(_ section: SectionReader) -> WidgetLine {
    let name = section.string("name", default: "")
    if !NamePattern.isPlainName(name) {
      section.problem("name", "'\(name)' is no name; write 1 to 64 letters, digits, '-', '_', '.' or '+'")
    }
    let text = section.string("destination", default: name)
    // Where it leads is here; the host of a URI would only repeat that.
    let destination = text.contains(":") ? SIPURI(text)?.user : text
    if !(destination.map(NamePattern.isPlainName) ?? false) {
      section.problem(
        "destination", "'\(text)' names nothing that could be dialled here; write 'support' or 'sip:support'")
    }
    var widget = WidgetLine(name: name, destination: destination ?? text)
    widget.origins = origins(section, default: [])
    widget.language = section.optionalString("language")
    let limits = widget.limits
    widget.limits.calls = section.integer("calls", default: limits.calls, in: 1...100_000)
    widget.limits.networkCalls = section.integer("network_calls", default: limits.networkCalls, in: 1...100_000)
    let paces = 1...100_000
    widget.limits.callsPerMinute = section.integer("calls_per_minute", default: limits.callsPerMinute, in: paces)
    widget.limits.originCallsPerMinute = section.integer(
      "origin_calls_per_minute", default: limits.originCallsPerMinute, in: paces)
    widget.limits.networkCallsPerMinute = section.integer(
      "network_calls_per_minute", default: limits.networkCallsPerMinute, in: paces)
    section.finish()
    return widget
  }

  private static func readTokens(_ section: SectionReader) -> Tokens {
    var tokens = Tokens()
    tokens.keys = (section.sections("keys") ?? []).compactMap(readKey)
    if tokens.keys.isEmpty, section.keys.contains(where: { ["issuer", "audience"].contains($0) }) {
      section.problem("keys", "is missing; write '- secret_file: FILE' or '- public_key_file: FILE'")
    }
    if tokens.keys.count > TokenVerifier.keyLimit {
      section.problem("keys", "has more than \(TokenVerifier.keyLimit); remove those that nobody signs with any more")
    }
    tokens.issuer = section.optionalString("issuer")
    tokens.audience = section.optionalString("audience")
    tokens.leeway = section.integer("leeway", default: tokens.leeway, in: 0...300)
    tokens.lifetime = section.integer("lifetime", default: tokens.lifetime, in: 10...86_400)
    section.finish()
    return tokens
  }

  private static func readKey(_ section: SectionReader) -> Tokens.Key? {
    let id = section.optionalString("id")
    let secret = section.optionalString("secret")
    let publicKey = section.optionalString("public_key")
    defer { section.finish() }
    switch (secret, publicKey) {
    case (let secret?, nil):
      let secret = Redacted(secret)
      if TokenKey(secret: secret) == nil {
        section.problem("secret", "has at least \(TokenKey.secretLength) octets; 'openssl rand -hex 32' makes one")
      }
      return Tokens.Key(id: id, material: .secret(secret))
    case (nil, let pem?):
      if TokenKey(publicKey: pem) == nil {
        section.problem(
          "public_key", "is no public key of P-256 in PEM; 'openssl ec -pubout' makes one of a private one")
      }
      return Tokens.Key(id: id, material: .publicKey(pem))
    case (nil, nil), (_?, _?):
      section.problem("secret", "or public_key is wanted, one of them; each can come from a file: secret_file")
      return nil
    }
  }

  private static func origins(_ section: SectionReader, default value: [String]) -> [String] {
    let origins = section.strings("origins", default: value)
    for origin in origins where !isOrigin(origin) {
      section.problem(
        "origins", "'\(origin)' is no origin; write 'https://shop.example', with the port if it is not 443")
    }
    return origins
  }

  /// As browsers send it: a scheme, a host, a port if it is not the scheme's, and nothing after them.
  private static func isOrigin(_ text: String) -> Bool {
    let parts = text.lowercased().split(separator: "://", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[0] == "https" || parts[0] == "http", !parts[1].isEmpty else { return false }
    return !parts[1].contains { $0 == "/" || $0 == "*" || $0.isWhitespace }
      && !text.hasSuffix(parts[0] == "https" ? ":443" : ":80")
  }
}

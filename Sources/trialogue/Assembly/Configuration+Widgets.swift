import Application
import SIP

/// The section `web` in the words of the calls.
extension Configuration {
  var widgetSettings: WidgetSettings {
    let host = SIPHost(server.domain) ?? .name("localhost")
    let widgets = web.widgets.map { line in
      Widget(
        name: line.name, destination: SIPURI(user: line.destination, host: host),
        origins: Set(line.origins.map { $0.lowercased() }), language: line.language, limits: line.limits)
    }
    return WidgetSettings(
      widgets: widgets, origins: Set(web.origins.map { $0.lowercased() }), verifier: tokenVerifier)
  }

  private var tokenVerifier: TokenVerifier? {
    let keys = web.tokens.keys.compactMap { key in
      switch key.material {
      case .secret(let secret): TokenKey(secret: secret, id: key.id)
      case .publicKey(let pem): TokenKey(publicKey: pem, id: key.id)
      }
    }
    guard !keys.isEmpty else { return nil }
    return TokenVerifier(
      keys: keys, issuer: web.tokens.issuer, audience: web.tokens.audience, domain: server.domain,
      leeway: web.tokens.leeway, lifetime: web.tokens.lifetime)
  }

  /// Whose pages may open SIP over WebSocket: for anything that they may then do, or for their widget.
  var pageOrigins: [String] { web.origins + web.widgets.flatMap(\.origins) }
}

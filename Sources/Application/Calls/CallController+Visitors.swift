import Logging
import Primitives
import SIP

/// Visitors of pages: who comes by a widget goes where the widget leads and nowhere else, with a token (RFC 8898) where
/// tokens are asked for.
extension CallController {
  private static let scheme = "bearer "

  /// A page of others, where there are widgets: it calls by one of them or as a user, and asks for nothing else.
  func isBound(_ source: SIPSource) -> Bool {
    guard let origin = source.origin else { return false }
    return !origin.isOurs && !settings.widgets.widgets.isEmpty
  }

  /// Who calls by a widget; nil if the INVITE is an ordinary call, whose caller is to be found out.
  ///
  /// A call with a token is always a visitor's. Without one it is so if a page names a widget that it may have, and no tokens
  /// are asked for. Our own pages may call as guests do, for they are the desk, too.
  func visitor(of request: SIPRequest, from source: SIPSource) throws(SeatRefusal) -> Visitor? {
    let network = VisitorNetwork(of: source.remote.ip)
    let widget = request.uri.sip?.user.flatMap { settings.widgets[$0] }
    if let text = CallController.bearer(request.headers) {
      guard let verifier = settings.widgets.verifier else {
        throw SeatRefusal(status: 403, reason: "No tokens are taken here")
      }
      guard let widget else { throw SeatRefusal(status: 404, reason: "No such widget") }
      try traffic.knock(at: widget, from: network, at: clock.now)
      let token: CallToken
      do throws(TokenRefusal) { token = try verifier.verify(text, at: clock.unixTime) } catch {
        throw SeatRefusal(status: 401, reason: error.description)
      }
      guard token.widget == widget.name else {
        throw SeatRefusal(status: 403, reason: "The token is for another widget")
      }
      guard let origin = source.origin, origin.text == token.origin, settings.widgets.mayHave(widget, origin) else {
        throw SeatRefusal(status: 403, reason: "The token is for another page")
      }
      return Visitor(widget: widget, origin: origin, network: network, token: token)
    }
    guard let widget, let origin = source.origin, !isUser(request, from: source) else { return nil }
    guard settings.widgets.verifier == nil else {
      if origin.isOurs { return nil }
      throw SeatRefusal(status: 401, reason: "A token is wanted")
    }
    guard settings.widgets.mayHave(widget, origin) else {
      if origin.isOurs { return nil }
      throw SeatRefusal(status: 403, reason: "Not from this page")
    }
    try traffic.knock(at: widget, from: network, at: clock.now)
    return Visitor(widget: widget, origin: origin, network: network, token: nil)
  }

  /// Answers an INVITE that comes by a widget and may not.
  func refuseVisitor(
    _ refusal: SeatRefusal, _ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource
  ) async {
    var headers: [(name: String, value: String)] = []
    if let seconds = refusal.retryAfter { headers.append(("Retry-After", String(seconds))) }
    if refusal.status == 401 {
      // Section 4 has more parameters; where tokens come from is the page's matter.
      let error = CallController.bearer(request.headers) == nil ? "" : ", error=\"invalid_token\""
      headers.append(("WWW-Authenticate", "Bearer realm=\"\(settings.digestRealm)\"" + error))
    }
    refuse(request, in: transaction, refusal.status, refusal.reason, headers: headers)
    let name = Party.harmless(request.uri.sip?.user ?? "", limit: 64)
    if refusal.retryAfter != nil, let widget = settings.widgets[name] {
      return await tellLimit("widget \(name)", at: widget.limits.calls)
    }
    logger.notice("a visitor was refused", metadata: ["widget": "\(name)", "reason": "\(refusal.reason)"])
    await hub.emit(
      "auth-failed",
      [
        "user": name, "source": source.remote.description, "method": request.method.rawValue,
        "reason": refusal.reason, "blocked": "false",
      ])
  }

  /// Says to be one of our users, or proves it.
  private func isUser(_ request: SIPRequest, from source: SIPSource) -> Bool {
    if request.headers.all("Authorization").contains(where: { DigestCredentials($0) != nil }) { return true }
    guard !settings.users.isEmpty, let from = request.headers.from?.uri.sip else { return false }
    return isOurs(from, reachedAt: source)
  }

  /// RFC 8898, section 2, and RFC 6750, section 2.1.
  private static func bearer(_ headers: SIPHeaders) -> String? {
    headers.all("Authorization").lazy
      .filter { $0.prefix(CallController.scheme.count).lowercased() == CallController.scheme }
      .map { text in String(text.dropFirst(CallController.scheme.count).drop { $0 == " " }) }
      .first
  }
}

import Primitives
import SIP

/// REGISTER: RFC 3261, section 10.3.
extension CallController {
  func register(_ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource) async {
    guard let caller = await caller(of: request, in: transaction, from: source, mustBeUser: true) else { return }
    guard let user = caller.user, let to = request.headers.to?.uri.sip, to.user == user,
      isOurs(to, reachedAt: source)
    else { return refuse(request, in: transaction, 403, "Not your address") }
    let tag = random.token(16)
    var response = await registrations.register(
      request, user: user, from: source, settings: settings.registrar, at: clock.now, toTag: tag)
    response.headers.append("Server", settings.serverName)
    front?.respond(response, in: transaction)
    if let next = await registrations.deadline { setAlarm(.registrations, at: next) }
  }
}

import Conference
import Primitives
import SDP
import SIP

/// Requests of the peer within a dialog: RFC 3261, section 12.2.2.
extension CallController {
  func receive(_ request: SIPRequest, within dialog: DialogID, in transaction: ServerTransactionID) async {
    if case .own? = subscriptions[dialog]?.carrier {
      return await receive(request, ofSubscription: dialog, in: transaction)
    }
    guard let id = dialogs[CallController.key(dialog)], var call = table[id] else {
      return refuse(request, in: transaction, 481)
    }
    if case .outgoing = call.stage { return receiveEarly(request, in: transaction, of: call, from: dialog) }
    guard call.dialog?.id == dialog else { return refuse(request, in: transaction, 481) }
    // Only a request that is carried out moves the target; until then its Contact is not looked at.
    var bare = request
    bare.headers.remove("Contact")
    guard call.dialog?.receive(bare) == .accepted else { return refuse(request, in: transaction, 500, "CSeq too low") }
    store(call)
    if call.hasLeft, request.method != .bye { return refuse(request, in: transaction, 481) }
    switch request.method {
    case .bye: await bye(request, in: transaction, of: id)
    case .invite, .update: await renegotiate(request, in: transaction, of: id)
    case .prack: await acknowledgeProvisional(request, in: transaction, of: id)
    case .info: await info(request, in: transaction, of: call)
    case .options: options(request, in: transaction)
    case .refer: await refer(request, in: transaction, of: id)
    case .subscribe: await subscribe(request, in: transaction, within: call)
    case .notify: refuseNotify(request, in: transaction)
    case .message: await chat(request, in: transaction, of: id)
    case _: refuse(request, in: transaction, 405, headers: [("Allow", Abilities.allow)])
    }
  }

  private func bye(_ request: SIPRequest, in transaction: ServerTransactionID, of id: String) async {
    guard var call = table[id] else { return }
    accept(request, in: transaction)
    if case .incoming(let invite, let inviteTransaction) = call.stage {
      front?.respond(reply(487, to: invite, tag: call.dialog?.localTag), in: inviteTransaction)
    }
    // Who hangs up has no need to acknowledge.
    call.answer = nil
    if case .leaving = call.stage {
      call.stage = .ended
      store(call)
      return forget(call)
    }
    store(call)
    await end(id, cause: "hangup")
  }

  /// A re-INVITE or UPDATE (RFC 3261, section 14.2, and RFC 3311). What is refused leaves the session as it was.
  private func renegotiate(_ request: SIPRequest, in transaction: ServerTransactionID, of id: String) async {
    guard var call = table[id] else { return }
    let isInvite = request.method == .invite
    let offer: SessionDescription?
    do throws(MediaRefusal) { offer = try CallController.description(in: request) } catch {
      return refuse(request, in: transaction, error.status, error.reason, headers: CallController.hints(error))
    }
    if let refusal = CallController.collision(of: request, hasOffer: offer != nil, with: call) {
      let wait = refusal == 500 ? [(name: "Retry-After", value: String(Int.random(in: 0...10, using: &random)))] : []
      return refuse(request, in: transaction, refusal, headers: wait)
    }
    let timer = SessionTimer.answer(to: request, policy: settings.sessionTimer)
    if case .tooSmall(let minimum) = timer {
      return refuse(request, in: transaction, 422, headers: [("Min-SE", String(minimum))])
    }
    var response = reply(200, to: request)
    var plan: LegPlan?
    if let offer {
      // On a copy: a refused offer changes nothing.
      var media = call.media
      do throws(MediaRefusal) {
        CallController.put(try media.answer(offer, using: &random), into: &response)
        plan = try media.plan()
      } catch {
        return refuse(request, in: transaction, error.status, error.reason, headers: CallController.hints(error))
      }
      call.media = media
    } else if isInvite {
      CallController.put(call.media.offer(), into: &response)
    }
    describeSelf(call, in: &response)
    CallController.put(timer, into: &response)
    _ = call.dialog?.receive(request)
    call.learn(allowed: request.headers.allow)
    switch timer {
    case .agreed(let agreement, _): call.timer.refreshed(agreement, isUAC: false, at: clock.now)
    case .none: call.timer.refreshed(nil, isUAC: false, at: clock.now)
    case .tooSmall: break
    }
    if isInvite, let number = request.headers.cSeq?.number {
      call.answer = AnswerRetransmission(response, in: transaction, number: number, at: clock.now)
    }
    store(call)
    front?.respond(response, in: transaction)
    if let plan { await agree(id, on: plan) }
  }

  /// The status that a request gets because another exchange is under way; nil if none is.
  private static func collision(of request: SIPRequest, hasOffer: Bool, with call: Call) -> Int? {
    let isInvite = request.method == .invite
    if case .incoming = call.stage {
      // RFC 3261, section 14.2: the first INVITE has no final response; RFC 3311, section 5.2: no answer yet.
      return isInvite || hasOffer ? 500 : nil
    }
    guard isInvite || hasOffer else { return nil }
    if call.media.isOffering { return 491 }
    if let exchange = call.exchange, isInvite || exchange.hasOffer { return 491 }
    return nil
  }

  /// Digits (RFC 6086 calls this the legacy usage).
  private func info(_ request: SIPRequest, in transaction: ServerTransactionID, of call: Call) async {
    if let package = request.headers["Info-Package"], !package.isEmpty {
      return refuse(request, in: transaction, 469, headers: [("Recv-Info", "")])
    }
    guard !request.body.isEmpty else { return accept(request, in: transaction) }
    guard let type = request.headers.contentType?.name, KeypadBody.contentTypes.contains(type) else {
      let accept = KeypadBody.contentTypes.joined(separator: ", ")
      return refuse(request, in: transaction, 415, headers: [("Accept", accept)])
    }
    guard let digit = KeypadBody.digit(contentType: type, body: request.body) else {
      return refuse(request, in: transaction, 400, "No digit in the body")
    }
    accept(request, in: transaction)
    await reception.digit(call.seat.leg, digit)
  }

  /// In a dialog and outside: what this end can do (RFC 3261, section 11.2). The same for every name, so that nobody finds
  /// out which ones there are.
  func options(_ request: SIPRequest, in transaction: ServerTransactionID) {
    if isDraining, request.headers.to?.tag == nil {
      return refuse(request, in: transaction, 503, "Draining", headers: [("Retry-After", "60")])
    }
    var response = reply(200, to: request)
    response.headers.append("Allow", Abilities.allow)
    response.headers.append("Accept", Abilities.accept)
    response.headers.append("Accept-Encoding", "identity")
    response.headers.append("Supported", Abilities.supported)
    response.headers.append("Allow-Events", Abilities.events)
    front?.respond(response, in: transaction)
  }

  /// We subscribe to nothing (RFC 6665, section 4.1.3).
  private func refuseNotify(_ request: SIPRequest, in transaction: ServerTransactionID) {
    let isKnown = request.headers.event.map { $0.name == "refer" || $0.name == "conference" } ?? false
    refuse(request, in: transaction, isKnown ? 481 : 489, headers: [("Allow-Events", Abilities.events)])
  }

  /// In an early dialog of a call of ours.
  private func receiveEarly(
    _ request: SIPRequest, in transaction: ServerTransactionID, of call: Call, from dialog: DialogID
  ) {
    guard case .outgoing(var attempt) = call.stage, var early = attempt.early[dialog.remoteTag] else {
      return refuse(request, in: transaction, 481)
    }
    guard early.dialog.receive(request) == .accepted else {
      return refuse(request, in: transaction, 500, "CSeq too low")
    }
    attempt.early[dialog.remoteTag] = early
    var call = call
    call.stage = .outgoing(attempt)
    store(call)
    switch request.method {
    case .options: options(request, in: transaction)
    case .update where request.body.isEmpty:
      var response = reply(200, to: request)
      describeSelf(call, in: &response)
      front?.respond(response, in: transaction)
    // Our offer is open until the 2xx (RFC 3311, section 5.2).
    case .update: refuse(request, in: transaction, 491)
    case .notify: refuseNotify(request, in: transaction)
    case _: refuse(request, in: transaction, 481)
    }
  }
}

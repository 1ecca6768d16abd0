import Conference
import Logging
import Primitives
import SIP

/// From the seat to the answered call: 180, PRACK, 200, ACK (RFC 3261, section 13.3.1, and RFC 3262).
extension CallController {
  /// Seat and media are there: makes the call and answers it, after a PRACK if the caller wants one.
  func begin(_ arrival: Arrival, seat: Seat, media: OfferAnswer) async {
    let request = arrival.request
    let tag = random.token(16)
    guard
      let dialog = try? Dialog(
        uas: request, localTag: tag, confirmed: false, isSecure: arrival.source.transport.isSecure)
    else {
      refuse(request, in: arrival.transaction, 400)
      traffic.leave(arrival.member.call)
      return await reception.left(seat.leg, cause: "bad-request")
    }
    guard traffic.spend(arrival.visitor?.token, at: clock.unixTime) else {
      refuse(request, in: arrival.transaction, 403, "The token has had its call")
      traffic.leave(arrival.member.call)
      return await reception.left(seat.leg, cause: "403")
    }
    let id = arrival.member.call
    var call = Call(
      id: id, direction: .incoming, from: arrival.member.uri, to: request.uri.text, started: arrival.started,
      context: arrival.member.context, authenticatedUser: arrival.member.authenticatedUser,
      stage: .incoming(request, arrival.transaction), dialogKey: CallController.key(dialog.id), media: media,
      seat: seat,
      contact: contact(user: arrival.member.user, toward: arrival.source, isFocus: true))
    call.dialog = dialog
    call.visitor = arrival.visitor
    call.destination = CallController.returnPath(of: request, from: arrival.source)
    call.learn(allowed: request.headers.allow)
    if case .agreed(let agreement, _) = arrival.sessionTimer {
      call.timer.refreshed(agreement, isUAC: false, at: clock.now)
    }
    call.isHeld = media.isHeld
    table[id] = call
    dialogs[call.dialogKey] = id
    legs[seat.leg] = id
    unanswered[arrival.transaction] = id
    if let replaced = arrival.replaces { await takeOver(replaced) }
    if request.headers.require.contains(where: { $0.lowercased() == "100rel" }) {
      ringReliably(id)
    } else {
      var ringing = reply(180, to: request, tag: tag)
      ringing.headers.append("Contact", call.contact)
      front?.respond(ringing, in: arrival.transaction)
      await answer(id)
    }
  }

  /// A 180 that has to be acknowledged; without an offer in the INVITE it carries ours (RFC 3262, section 5).
  private func ringReliably(_ id: String) {
    guard var call = table[id], case .incoming(let request, let transaction) = call.stage, let dialog = call.dialog,
      let number = request.headers.cSeq
    else { return }
    var provisional = ReliableProvisional(invite: number, random: &random)
    var ringing = reply(180, to: request, tag: dialog.localTag)
    ringing.headers.append("Contact", call.contact)
    if call.media.local == nil { CallController.put(call.media.offer(), into: &ringing) }
    provisional.send(ringing, at: clock.now)
    while case .send(let response)? = provisional.nextAction() { front?.respond(response, in: transaction) }
    call.provisional = provisional
    store(call)
  }

  /// A PRACK: 200 if it acknowledges what is out, then the call is answered.
  func acknowledgeProvisional(_ request: SIPRequest, in transaction: ServerTransactionID, of id: String) async {
    guard var call = table[id], let rAck = request.headers.rAck else { return refuse(request, in: transaction, 400) }
    guard call.provisional?.acknowledge(number: rAck.number, cSeq: rAck.cSeq, at: clock.now) == true else {
      return refuse(request, in: transaction, 481)
    }
    var response = reply(200, to: request)
    var plan: LegPlan?
    do throws(MediaRefusal) {
      if let description = try CallController.description(in: request) {
        if call.media.isOffering {
          try call.media.accept(description)
        } else {
          CallController.put(try call.media.answer(description, using: &random), into: &response)
        }
        plan = try call.media.plan()
      } else if call.media.isOffering {
        throw MediaRefusal(488, "The offer had no answer")
      }
    } catch {
      store(call)
      refuse(request, in: transaction, error.status, error.reason)
      return await refuseIncoming(id, status: 488, cause: "no-codec")
    }
    store(call)
    front?.respond(response, in: transaction)
    if let plan { await reception.agreed(call.seat.leg, on: plan) }
    await answer(id)
  }

  /// Sends the 200; the room is told now, or with the ACK if that brings the answer to our offer.
  func answer(_ id: String) async {
    guard var call = table[id], case .incoming(let request, let transaction) = call.stage,
      let number = request.headers.cSeq?.number
    else { return }
    var response = reply(200, to: request, tag: call.dialog?.localTag)
    describeSelf(call, in: &response)
    CallController.put(SessionTimer.answer(to: request, policy: settings.sessionTimer), into: &response)
    let hadOffer = !request.body.isEmpty && call.media.agreed != nil
    if hadOffer, let local = call.media.local {
      CallController.put(local, into: &response)
    } else if call.media.agreed == nil {
      CallController.put(call.media.offer(), into: &response)
    }
    front?.respond(response, in: transaction)
    unanswered[transaction] = nil
    call.provisional?.stop()
    call.dialog?.confirm()
    call.stage = .established
    call.answered = clock.timestamp
    call.answer = AnswerRetransmission(response, in: transaction, number: number, at: clock.now)
    store(call)
    logger.info("call answered", metadata: ["call": "\(id)", "room": "\(call.seat.roomName)"])
    await hub.emit("call-start", event(call))
    await connectIfReady(id)
  }

  /// The room greets once the call is up and media are agreed.
  func connectIfReady(_ id: String) async {
    guard var call = table[id], call.isEstablished, call.media.agreed != nil, !call.isConnected else { return }
    call.isConnected = true
    store(call)
    await reception.connected(call.seat.leg)
    if call.isHeld { await reception.held(call.seat.leg, true) }
  }

  /// The ACK of a 2xx; with the answer, if the 2xx had the offer.
  func acknowledged(_ request: SIPRequest) async {
    guard let dialog = DialogID(incoming: request), let id = dialogs[CallController.key(dialog)],
      var call = table[id], call.dialog?.id == dialog, let answer = call.answer,
      answer.number == request.headers.cSeq?.number
    else { return }
    call.answer = nil
    if case .leaving = call.stage {
      sendBye(call)
      call.stage = .ended
      store(call)
      return forget(call)
    }
    var plan: LegPlan?
    do throws(MediaRefusal) {
      if call.media.isOffering {
        guard let description = try CallController.description(in: request) else {
          throw MediaRefusal(488, "The offer had no answer")
        }
        try call.media.accept(description)
        plan = try call.media.plan()
      }
    } catch {
      call.media.withdraw()
      store(call)
      // A re-INVITE that came to nothing leaves the session as it was.
      if call.isConnected { return }
      return await hangUp(call: id, cause: "no-codec")
    }
    store(call)
    if let plan { await agree(id, on: plan) }
    await connectIfReady(id)
  }

  /// Refuses a call that has no final response yet.
  func refuseIncoming(_ id: String, status: Int, cause: String) async {
    guard let call = table[id], case .incoming(let request, let transaction) = call.stage else { return }
    front?.respond(reply(status, to: request, tag: call.dialog?.localTag), in: transaction)
    await end(id, cause: cause)
  }

  /// Tells the room what was agreed anew, and whether the peer holds.
  func agree(_ id: String, on plan: LegPlan) async {
    guard var call = table[id], !call.hasLeft else { return }
    let isHeld = call.media.isHeld
    let changed = isHeld != call.isHeld
    call.isHeld = isHeld
    store(call)
    await reception.agreed(call.seat.leg, on: plan)
    if changed, call.isConnected { await reception.held(call.seat.leg, isHeld) }
  }
}

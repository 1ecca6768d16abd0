import Conference
import Logging
import Primitives
import SDP
import SIP

/// What comes back to our requests.
extension CallController {
  func receive(_ response: SIPResponse, _ id: ClientTransactionID) async {
    guard let purpose = purposes[id] else { return }
    let isFinal = response.status >= 200
    switch purpose {
    case .invite(let call, let request, let destination):
      await receive(response, id, toInvite: request, of: call, sentTo: destination)
    case .acknowledged(let past):
      if (200..<300).contains(response.status) { acknowledgeAgain(response, past) }
    case .exchange(let call): await receive(response, id, toExchangeOf: call)
    case .bye(let request, let trunk, let destination):
      guard isFinal else { return }
      purposes[id] = nil
      if let again = authenticated(request, answering: response, for: trunk) {
        send(again, for: .bye(again, nil, destination), to: destination)
      }
    case .prack: if isFinal { purposes[id] = nil }
    case .notify(let subscription):
      guard isFinal else { return }
      purposes[id] = nil
      await notified(subscription, status: response.status)
    case .report(let call, let transfer):
      guard isFinal else { return }
      purposes[id] = nil
      if response.status == 481 || response.status == 489 { table[call]?.transfers.removeAll { $0.id == transfer.id } }
    case .chat(let call, let line, let name):
      guard isFinal else { return }
      purposes[id] = nil
      passed(line, from: name, to: call, status: response.status)
    }
  }

  func failed(_ id: ClientTransactionID, _ failure: SignallingFailure) async {
    guard let purpose = purposes.removeValue(forKey: id) else { return }
    let cause = failure == .timeout ? "408" : "unreachable"
    if case .unreachable(let reason) = failure {
      logger.info("request not sent", metadata: ["reason": "\(reason)"])
    }
    switch purpose {
    case .invite(let call, _, _):
      if case .outgoing(let attempt)? = table[call]?.stage, attempt.id == id { await end(call, cause: cause) }
    case .exchange(let call):
      // RFC 3261, section 12.2.1.2: nobody is there any more.
      if table[call]?.exchange?.id == id { await hangUp(call: call, cause: cause) }
    case .notify(let subscription): await notified(subscription, status: 408)
    case .acknowledged, .bye, .prack, .report, .chat: break
    }
  }

  private func receive(
    _ response: SIPResponse, _ id: ClientTransactionID, toInvite request: SIPRequest, of call: String,
    sentTo destination: SIPDestination?
  ) async {
    switch response.status {
    case ..<101: break
    case 101..<200: await progressed(response, id, of: call)
    case 200..<300: await succeeded(response, id, request, of: call, sentTo: destination)
    default:
      purposes[id] = nil
      await refused(response, id, of: call)
    }
  }

  /// 101–199: rings, and perhaps wants a PRACK (RFC 3262, section 4).
  private func progressed(_ response: SIPResponse, _ id: ClientTransactionID, of callID: String) async {
    guard var call = table[callID], case .outgoing(var attempt) = call.stage, attempt.id == id else { return }
    if response.status != 199 { attempt.isRinging = true }
    if let tag = response.headers.to?.tag,
      attempt.early[tag] != nil || attempt.early.count < OutgoingAttempt.earlyLimit,
      var early = attempt.early[tag]
        ?? (try? Dialog(uac: attempt.request, response: response)).map({ .init(dialog: $0) })
    {
      switch early.receiver.receive(response) {
      case .ignored: return
      case .unreliable: break
      case .acknowledge(let rAck):
        early.dialog.receive(response)
        var prack = early.dialog.makeRequest(.prack)
        prack.headers.append("RAck", rAck)
        send(prack, for: .prack, to: call.destination)
        if early.answer == nil, let text = MultipartBody.content(.sdp, headers: response.headers, body: response.body) {
          early.answer = try? OfferAnswer.parse(text)
        }
      }
      attempt.early[tag] = early
    }
    call.stage = .outgoing(attempt)
    store(call)
    await report(onCall: callID, status: response.status, isFinal: false)
  }

  /// A 2xx: the first one makes the call, another branch's is acknowledged and hung up (section 13.2.2.4).
  private func succeeded(
    _ response: SIPResponse, _ id: ClientTransactionID, _ request: SIPRequest, of callID: String,
    sentTo destination: SIPDestination?
  ) async {
    guard let tag = response.headers.to?.tag, let number = request.headers.cSeq?.number else { return }
    var attempt: OutgoingAttempt?
    if case .outgoing(let current)? = table[callID]?.stage, current.id == id { attempt = current }
    let early = attempt?.early[tag]
    guard var dialog = early?.dialog ?? (try? Dialog(uac: request, response: response)) else { return }
    dialog.receive(response)
    let path = table[callID]?.destination
    let ack = acknowledge(dialog, number, path)
    purposes[id] = .acknowledged(
      .init(request: request, ack: ack, remoteTag: tag, destination: path, until: clock.now + .seconds(32)))
    setAlarm(.acknowledgement(id), at: clock.now + .seconds(32))
    guard let attempt, var call = table[callID] else {
      // Hung up meanwhile: the CANCEL came too late.
      let bye = dialog.makeRequest(.bye)
      return send(bye, for: .bye(bye, nil, path), to: path)
    }
    call.dialog = dialog
    call.stage = .established
    call.answered = clock.timestamp
    call.learn(allowed: response.headers.allow)
    call.timer.refreshed(SessionTimer.agreement(from: response), isUAC: true, at: clock.now)
    var plan: LegPlan?
    do throws(MediaRefusal) {
      guard let answer = try CallController.answer(in: response) ?? early?.answer else {
        throw MediaRefusal(488, "No answer")
      }
      call.media.reopen(attempt.offer)
      try call.media.accept(answer)
      plan = try call.media.plan()
    } catch {
      store(call)
      return await hangUp(call: callID, cause: "no-codec")
    }
    store(call)
    logger.info("call answered", metadata: ["call": "\(callID)", "room": "\(call.seat.roomName)"])
    await hub.emit("call-start", event(call))
    if let plan { await agree(callID, on: plan) }
    await connectIfReady(callID)
    await report(onCall: callID, status: 200, isFinal: true)
  }

  private func acknowledge(_ dialog: Dialog, _ number: UInt32, _ destination: SIPDestination?) -> SIPRequest {
    let ack = dialog.acknowledge(number)
    front?.acknowledge(ack, destination: destination)
    return ack
  }

  /// The 2xx came again, or another branch of a fork answered too.
  private func acknowledgeAgain(_ response: SIPResponse, _ past: ClientPurpose.Acknowledgement) {
    guard let tag = response.headers.to?.tag, tag != past.remoteTag else {
      front?.acknowledge(past.ack, destination: past.destination)
      return
    }
    guard let number = past.request.headers.cSeq?.number, past.request.headers.to?.tag == nil,
      var dialog = try? Dialog(uac: past.request, response: response)
    else { return }
    _ = acknowledge(dialog, number, past.destination)
    let bye = dialog.makeRequest(.bye)
    send(bye, for: .bye(bye, nil, past.destination), to: past.destination)
  }

  /// 300–699: once more with credentials or a longer session if that is asked for, else over. 3xx is not followed: nobody
  /// but the route table says whom we dial.
  private func refused(_ response: SIPResponse, _ id: ClientTransactionID, of callID: String) async {
    guard var call = table[callID], case .outgoing(var attempt) = call.stage, attempt.id == id else { return }
    if !attempt.isAuthenticated,
      let again = authenticated(attempt.request, answering: response, for: attempt.trunk)
    {
      attempt.isAuthenticated = true
      attempt.request = again
      return sendInvite(attempt, of: &call)
    }
    if !attempt.askedLonger, let minimum = SessionTimer.minimum(from: response) {
      attempt.askedLonger = true
      CallController.renumber(&attempt.request)
      attempt.request.headers.remove("Session-Expires")
      SessionTimer().ask(settings.sessionTimer, minimum: minimum, in: &attempt.request.headers)
      return sendInvite(attempt, of: &call)
    }
    await end(callID, cause: "\(response.status)")
  }

  /// The answer in a 2xx; nil if it has none. One of another type counts as none.
  static func answer(in response: SIPResponse) throws(MediaRefusal) -> SessionDescription? {
    guard let text = MultipartBody.content(.sdp, headers: response.headers, body: response.body) else { return nil }
    return try OfferAnswer.parse(text)
  }

  /// The request again with credentials, if it was challenged by the trunk that it was sent to, in the realm that the
  /// trunk's credentials are for; nil if it has none to give (RFC 3261, section 22.2).
  func authenticated(_ request: SIPRequest, answering response: SIPResponse, for trunk: Trunk?) -> SIPRequest? {
    guard response.status == 401 || response.status == 407, let trunk, let username = trunk.username,
      let password = trunk.password,
      let challenge = DigestChallenge.choose(
        from: response.headers, status: response.status, realm: trunk.realm ?? trunk.host.description),
      let credentials = challenge.answer(
        username: username, secret: .password(password.value), method: request.method, uri: request.uri.text,
        body: request.body, count: 1, clientNonce: random.token(16))
    else { return nil }
    var again = request
    CallController.renumber(&again)
    again.headers.set(response.status == 407 ? "Proxy-Authorization" : "Authorization", credentials.description)
    return again
  }

  static func renumber(_ request: inout SIPRequest) {
    guard let cSeq = request.headers.cSeq else { return }
    request.headers.set("CSeq", CSeq(number: cSeq.number &+ 1, method: cSeq.method).description)
  }
}

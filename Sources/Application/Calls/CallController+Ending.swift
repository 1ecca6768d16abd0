import Conference
import Logging
import Primitives
import SIP

/// How calls end: BYE, CANCEL, refusal, and what becomes of their traces (RFC 3261, section 15).
extension CallController {
  package func hangUp(_ leg: LegID, cause: String) async {
    if let id = legs[leg] { return await hangUp(call: id, cause: cause) }
    // What is being opened gives the leg back itself, once it is open.
    if openings.remove(leg) != nil { return }
    if let arrival = arrivals.values.first(where: { $0.leg == leg }) {
      arrivals[arrival.transaction] = nil
      return refuse(arrival.request, in: arrival.transaction, 480)
    }
    await reception.left(leg, cause: cause)
  }

  func hangUp(call id: String, cause: String) async {
    guard var call = table[id] else { return }
    switch call.stage {
    case .incoming: await refuseIncoming(id, status: 480, cause: cause)
    case .outgoing(let attempt):
      front?.cancel(attempt.id)
      await end(id, cause: cause)
    case .established where call.answer != nil:
      call.stage = .leaving
      store(call)
      await end(id, cause: cause)
    case .established:
      sendBye(call)
      await end(id, cause: cause)
    case .leaving, .ended: return
    }
  }

  /// Ends a call for the room and for the record. Signalling has had its word, or has it when the ACK comes.
  func end(_ id: String, cause: String) async {
    guard var call = table[id], call.ended == nil else { return }
    if case .incoming(_, let transaction) = call.stage { unanswered[transaction] = nil }
    if case .leaving = call.stage {} else { call.stage = .ended }
    call.provisional?.stop()
    call.exchange = nil
    call.ended = clock.timestamp
    call.cause = cause
    store(call)
    if call.isEnded { forget(call) }
    legs[call.seat.leg] = nil
    traffic.leave(id)
    finished.append((id, clock.now + CallController.finishedLifetime))
    setAlarm(.housekeeping, at: clock.now + CallController.finishedLifetime)
    if finished.count > CallController.finishedLimit { forgetOldest() }
    endSubscriptions(within: call)
    logger.info("call ended", metadata: ["call": "\(id)", "cause": "\(cause)"])
    await reception.left(call.seat.leg, cause: cause)
    await hub.emit("call-end", event(call).merging(["cause": cause]) { $1 })
    await report(onCall: id, status: CallController.status(of: cause), isFinal: true)
  }

  /// The dialog is no more.
  func forget(_ call: Call) {
    if dialogs[call.dialogKey] == call.id { dialogs[call.dialogKey] = nil }
  }

  func sendBye(_ call: Call) {
    guard var dialog = call.dialog else { return }
    let bye = dialog.makeRequest(.bye)
    table[call.id]?.dialog = dialog
    send(bye, for: .bye(bye, call.trunk, call.destination), to: call.destination)
  }

  func send(_ request: SIPRequest, for purpose: ClientPurpose, to destination: SIPDestination?) {
    var request = request
    request.headers.set("User-Agent", settings.serverName)
    front?.send(request, id: transaction(for: purpose), destination: destination)
  }

  /// Puts a call back and sees to its alarm.
  func store(_ call: Call) {
    table[call.id] = call
    if let deadline = call.deadline { setAlarm(.call(call.id), at: deadline) }
  }

  private func forgetOldest() {
    guard let oldest = finished.first else { return }
    finished.removeFirst()
    drop(oldest.call)
  }

  /// Removes an ended call from the table. What still waits for an ACK stays until it has it.
  func drop(_ id: String) {
    guard let call = table[id] else { return }
    if !call.isEnded { forget(call) }
    table[id] = nil
  }

  /// Ends all calls and subscriptions; returns when the rooms know.
  package func endAll() async {
    isDraining = true
    for arrival in arrivals.values { refuse(arrival.request, in: arrival.transaction, 503) }
    arrivals = [:]
    openings = []
    for id in subscriptions.keys { await terminate(id, reason: "deactivated") }
    for (id, call) in table where !call.hasLeft { await hangUp(call: id, cause: "shutdown") }
    // Who has not acknowledged our 2xx gets its BYE now all the same: nobody will be here later.
    for (id, call) in table where !call.isEnded {
      sendBye(call)
      table[id]?.stage = .ended
    }
    await settle()
    timer?.task.cancel()
    timer = nil
  }

  /// The SIP status that a cause stands for in a transfer's report.
  static func status(of cause: String) -> Int {
    if let status = Int(cause), (300..<700).contains(status) { return status }
    return switch cause {
    case "no-answer": 408
    case "hangup": 200
    case "unreachable": 503
    default: 480
    }
  }
}

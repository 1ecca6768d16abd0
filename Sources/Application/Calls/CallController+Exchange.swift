import Conference
import Primitives
import SIP

/// Re-INVITE and UPDATE of ours, which keep the session alive: RFC 4028, section 7.4, and RFC 3261, section 14.1.
extension CallController {
  func refresh(_ id: String) {
    guard var call = table[id], call.isEstablished, var dialog = call.dialog else { return }
    // While the peer's exchange or ours runs, that one refreshes; if not, try again soon.
    guard call.exchange == nil, call.answer == nil, !call.media.isOffering else {
      call.retry = clock.now + .seconds(2)
      return store(call)
    }
    var request = dialog.makeRequest(call.peerTakesUpdate ? .update : .invite, contact: call.contact)
    request.headers.append("Allow", Abilities.allow)
    request.headers.append("Supported", Abilities.supported)
    call.timer.ask(settings.sessionTimer, in: &request.headers)
    let hasOffer = !call.peerTakesUpdate
    if hasOffer { CallController.put(call.media.offer(), into: &request) }
    call.dialog = dialog
    start(request, hasOffer: hasOffer, of: &call)
  }

  private func start(_ request: SIPRequest, hasOffer: Bool, of call: inout Call) {
    var request = request
    request.headers.set("User-Agent", settings.serverName)
    let exchange = Exchange(
      id: transaction(for: .exchange(call: call.id)), request: request, hasOffer: hasOffer)
    call.exchange = exchange
    store(call)
    front?.send(request, id: exchange.id, destination: call.destination)
  }

  func receive(_ response: SIPResponse, _ id: ClientTransactionID, toExchangeOf callID: String) async {
    guard response.status >= 200 else { return }
    purposes[id] = nil
    guard var call = table[callID] else { return }
    // A 2xx to INVITE is acknowledged even if the call has ended meanwhile.
    if (200..<300).contains(response.status), let cSeq = response.headers.cSeq, cSeq.method == .invite,
      let dialog = call.dialog, let request = call.exchange?.request ?? pastRequest(cSeq, of: dialog)
    {
      let ack = dialog.acknowledge(cSeq.number)
      front?.acknowledge(ack, destination: call.destination)
      purposes[id] = .acknowledged(
        .init(
          request: request, ack: ack, remoteTag: dialog.remoteTag, destination: call.destination,
          until: clock.now + .seconds(32)))
      setAlarm(.acknowledgement(id), at: clock.now + .seconds(32))
    }
    guard call.isEstablished, let exchange = call.exchange, exchange.id == id else { return }
    call.exchange = nil
    switch response.status {
    case 200..<300: await exchanged(response, exchange, of: call)
    case 408, 481:
      call.media.withdraw()
      store(call)
      await hangUp(call: callID, cause: "\(response.status)")
    default:
      call.media.withdraw()
      mend(&call, exchange, refusedWith: response)
    }
  }

  private func pastRequest(_ cSeq: CSeq, of dialog: Dialog) -> SIPRequest? {
    var request = dialog.acknowledge(cSeq.number)
    request.headers.set("CSeq", cSeq.description)
    return request
  }

  private func exchanged(_ response: SIPResponse, _ exchange: Exchange, of call: Call) async {
    var call = call
    call.dialog?.receive(response)
    if let agreement = SessionTimer.agreement(from: response) {
      call.timer.refreshed(agreement, isUAC: true, at: clock.now)
    }
    var plan: LegPlan?
    if exchange.hasOffer {
      do throws(MediaRefusal) {
        guard let answer = try CallController.answer(in: response) else { throw MediaRefusal(488, "No answer") }
        let before = call.media.agreed
        try call.media.accept(answer)
        if call.media.agreed != before { plan = try call.media.plan() }
      } catch {
        call.media.withdraw()
        store(call)
        return await hangUp(call: call.id, cause: "no-codec")
      }
    }
    store(call)
    if let plan { await agree(call.id, on: plan) }
  }

  /// A refused exchange leaves the session as it was; some refusals can be mended.
  private func mend(_ call: inout Call, _ exchange: Exchange, refusedWith response: SIPResponse) {
    switch response.status {
    case 491:
      // RFC 3261, section 14.1: who made the Call-ID waits longer.
      let wait: ClosedRange<Int64> = call.direction == .outgoing ? 2_100...4_000 : 0...2_000
      // In steps of 10 ms.
      let steps = Int64.random(in: wait.lowerBound / 10...wait.upperBound / 10, using: &random)
      call.retry = clock.now.advanced(byMilliseconds: steps * 10)
    case 405 where exchange.request.method == .update, 501 where exchange.request.method == .update:
      call.peerTakesUpdate = false
      call.retry = clock.now
    case 422:
      guard let minimum = SessionTimer.minimum(from: response), var dialog = call.dialog,
        exchange.request.headers.minSE == nil
      else { break }
      var request = dialog.makeRequest(exchange.request.method, contact: call.contact)
      request.headers.append("Allow", Abilities.allow)
      request.headers.append("Supported", Abilities.supported)
      call.timer.ask(settings.sessionTimer, minimum: minimum, in: &request.headers)
      if exchange.hasOffer { CallController.put(call.media.offer(), into: &request) }
      call.dialog = dialog
      return start(request, hasOffer: exchange.hasOffer, of: &call)
    case 401, 407:
      guard !exchange.request.headers.has("Authorization"), !exchange.request.headers.has("Proxy-Authorization"),
        let again = authenticated(exchange.request, answering: response, for: call.trunk)
      else { break }
      // The number that the credentials' request has is taken from the dialog, so that it counts on.
      _ = call.dialog?.makeRequest(exchange.request.method)
      if exchange.hasOffer { _ = call.media.offer() }
      return start(again, hasOffer: exchange.hasOffer, of: &call)
    default: break
    }
    store(call)
  }
}

import Conference
import Logging
import Primitives
import SIP

/// SUBSCRIBE and NOTIFY for the conference event package: RFC 4575 over RFC 6665.
extension CallController {
  private static let defaultExpires: UInt32 = 3_600
  private static let minimumExpires: UInt32 = 60

  /// A SUBSCRIBE outside of any dialog.
  func subscribe(_ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource) async {
    guard let caller = await caller(of: request, in: transaction, from: source), isWelcome(request, in: transaction),
      let seconds = expires(request, in: transaction), let event = request.headers.event
    else { return }
    guard !recent.isMerged(request, transaction, at: clock.now) else { return refuse(request, in: transaction, 482) }
    guard let uri = request.uri.sip, case .room(let name) = settings.routes.target(for: uri),
      let room = await reception.room(named: name)
    else { return refuse(request, in: transaction, 404) }
    guard await reception.mayKnow(room, user: caller.user, leg: nil) else {
      return refuse(request, in: transaction, 403)
    }
    guard await hasSubscriptionLeft(request, in: transaction) else { return }
    guard let dialog = try? Dialog(uas: request, localTag: random.token(16), confirmed: true) else {
      return refuse(request, in: transaction, 400, "Missing Contact")
    }
    logger.debug("subscription", metadata: ["room": "\(name)", "user": "\(caller.user ?? "guest")"])
    let subscription = ConferenceSubscription(
      carrier: .own(dialog, CallController.returnPath(of: request, from: source)), room: room, entity: uri.description,
      event: event, expires: clock.now + .seconds(Int64(seconds)),
      contact: contact(user: name, toward: source, isFocus: true))
    await begin(subscription, as: dialog.id, request, in: transaction, tag: dialog.localTag, seconds: seconds)
  }

  /// A SUBSCRIBE in the dialog of a call: begins, refreshes or ends.
  func subscribe(_ request: SIPRequest, in transaction: ServerTransactionID, within call: Call) async {
    guard let dialog = call.dialog else { return refuse(request, in: transaction, 481) }
    if subscriptions[dialog.id] != nil {
      return await renew(dialog.id, request, in: transaction)
    }
    guard isWelcome(request, in: transaction), let seconds = expires(request, in: transaction),
      let event = request.headers.event
    else { return }
    let name = await reception.rooms(of: [call.seat.leg])[call.seat.leg] ?? call.seat.roomName
    guard let room = await reception.room(named: name), table[call.id]?.isEstablished == true else {
      return refuse(request, in: transaction, 404)
    }
    guard await reception.mayKnow(room, user: call.authenticatedUser, leg: call.seat.leg) else {
      return refuse(request, in: transaction, 403)
    }
    guard await hasSubscriptionLeft(request, in: transaction) else { return }
    let entity = SIPURI(user: name, host: settings.domain).description
    let subscription = ConferenceSubscription(
      carrier: .call(call.id), room: room, entity: entity, event: event,
      expires: clock.now + .seconds(Int64(seconds)), contact: call.contact, own: call.seat.leg.contributor)
    await begin(subscription, as: dialog.id, request, in: transaction, tag: dialog.localTag, seconds: seconds)
  }

  /// A request in a subscription's own dialog.
  func receive(
    _ request: SIPRequest, ofSubscription id: DialogID, in transaction: ServerTransactionID
  ) async {
    guard var subscription = subscriptions[id], case .own(var dialog, let destination) = subscription.carrier else {
      return refuse(request, in: transaction, 481)
    }
    guard dialog.receive(request) == .accepted else { return refuse(request, in: transaction, 500, "CSeq too low") }
    subscription.carrier = .own(dialog, destination)
    subscriptions[id] = subscription
    switch request.method {
    case .subscribe: await renew(id, request, in: transaction)
    case .options: options(request, in: transaction)
    case _: refuse(request, in: transaction, 481)
    }
  }

  private func begin(
    _ subscription: ConferenceSubscription, as id: DialogID, _ request: SIPRequest,
    in transaction: ServerTransactionID, tag: String, seconds: UInt32
  ) async {
    subscriptions[id] = subscription
    accept(subscribe: request, in: transaction, subscription.contact, tag: tag, seconds: seconds)
    // Zero seconds fetch the state once (RFC 6665, section 4.4.3).
    if seconds == 0 { return await terminate(id, reason: "timeout") }
    setAlarm(.subscription(id), at: subscription.expires)
    await notify(id)
  }

  private func renew(_ id: DialogID, _ request: SIPRequest, in transaction: ServerTransactionID) async {
    guard request.headers.event == subscriptions[id]?.event else {
      return refuse(request, in: transaction, 489, headers: [("Allow-Events", Abilities.events)])
    }
    guard let seconds = expires(request, in: transaction), let contact = subscriptions[id]?.contact else { return }
    accept(subscribe: request, in: transaction, contact, tag: id.localTag, seconds: seconds)
    if seconds == 0 { return await terminate(id, reason: "timeout") }
    let end = clock.now + .seconds(Int64(seconds))
    subscriptions[id]?.expires = end
    setAlarm(.subscription(id), at: end)
    await notify(id)
  }

  private func accept(
    subscribe request: SIPRequest, in transaction: ServerTransactionID, _ contact: String, tag: String,
    seconds: UInt32
  ) {
    var response = reply(200, to: request, tag: tag)
    response.headers.append("Expires", String(seconds))
    response.headers.append("Contact", contact)
    front?.respond(response, in: transaction)
  }

  // MARK: NOTIFY

  package func conferenceChanged(_ room: RoomID) async {
    let concerned = subscriptions.filter { $0.value.room == room }.map(\.key)
    guard !concerned.isEmpty else { return }
    let state = await reception.conferenceState(of: room)
    for id in concerned {
      if let state { send(state, to: id) } else { await terminate(id, reason: "noresource") }
    }
  }

  /// Tells the state as it is now.
  private func notify(_ id: DialogID) async {
    guard let room = subscriptions[id]?.room else { return }
    guard let state = await reception.conferenceState(of: room) else {
      return await terminate(id, reason: "noresource")
    }
    send(state, to: id)
  }

  private func send(_ state: ConferenceState?, to id: DialogID, ending reason: String? = nil) {
    guard var subscription = subscriptions[id] else { return }
    if subscription.isNotifying, reason == nil {
      subscriptions[id]?.isBehind = true
      return
    }
    guard let (draft, destination) = makeNotify(&subscription) else {
      subscriptions[id] = nil
      return
    }
    var request = draft
    subscription.describe(state, in: &request, at: clock.now, ending: reason)
    subscription.isNotifying = true
    subscription.isBehind = false
    subscriptions[id] = reason == nil ? subscription : nil
    send(request, for: .notify(id), to: destination)
  }

  /// The next request of the dialog that carries the subscription; nil if that has ended.
  private func makeNotify(_ subscription: inout ConferenceSubscription) -> (SIPRequest, SIPDestination?)? {
    switch subscription.carrier {
    case .own(var dialog, let destination):
      let request = dialog.makeRequest(.notify, contact: subscription.contact)
      subscription.carrier = .own(dialog, destination)
      return (request, destination)
    case .call(let id):
      guard var call = table[id], call.isEstablished,
        let request = call.dialog?.makeRequest(.notify, contact: subscription.contact)
      else { return nil }
      store(call)
      return (request, call.destination)
    }
  }

  /// A NOTIFY has its final response, or none (408).
  func notified(_ id: DialogID, status: Int) async {
    guard subscriptions[id] != nil else { return }
    guard (200..<300).contains(status) else {
      // RFC 6665, section 4.2.2: who does not take it, wants it no more.
      subscriptions[id] = nil
      return
    }
    subscriptions[id]?.isNotifying = false
    if subscriptions[id]?.isBehind == true { await notify(id) }
  }

  func terminate(_ id: DialogID, reason: String) async {
    guard let room = subscriptions[id]?.room else { return }
    send(await reception.conferenceState(of: room), to: id, ending: reason)
  }

  func timeout(subscription id: DialogID, at now: Instant) async {
    guard let subscription = subscriptions[id] else { return }
    if subscription.expires <= now {
      await terminate(id, reason: "timeout")
    } else {
      setAlarm(.subscription(id), at: subscription.expires)
    }
  }

  /// The call is over, and with it the dialog that carried its subscription.
  func endSubscriptions(within call: Call) {
    guard let id = call.dialog?.id, case .call? = subscriptions[id]?.carrier else { return }
    subscriptions[id] = nil
  }

  // MARK: What stands in a SUBSCRIBE

  private func isWelcome(_ request: SIPRequest, in transaction: ServerTransactionID) -> Bool {
    guard request.headers.event?.name.lowercased() == "conference" else {
      refuse(request, in: transaction, 489, headers: [("Allow-Events", "conference")])
      return false
    }
    let type = MediaType("application", "conference-info+xml")
    guard !request.headers.has("Accept") || request.headers.accept.contains(where: { $0.includes(type) }) else {
      refuse(request, in: transaction, 406)
      return false
    }
    return true
  }

  /// Seconds granted; nil if the request was refused.
  private func expires(_ request: SIPRequest, in transaction: ServerTransactionID) -> UInt32? {
    let wanted = request.headers.expires ?? CallController.defaultExpires
    guard wanted == 0 || wanted >= CallController.minimumExpires else {
      refuse(request, in: transaction, 423, headers: [("Min-Expires", String(CallController.minimumExpires))])
      return nil
    }
    return min(wanted, CallController.defaultExpires)
  }

  private func hasSubscriptionLeft(_ request: SIPRequest, in transaction: ServerTransactionID) async -> Bool {
    guard subscriptions.count >= settings.maximumSubscriptions else { return true }
    refuse(request, in: transaction, 503, "Too many subscriptions", headers: [("Retry-After", "60")])
    await tellLimit("subscriptions", at: settings.maximumSubscriptions)
    return false
  }
}

import Primitives
import SIP

/// REFER: members that send themselves or others elsewhere (RFC 3515, RFC 4488, and RFC 4579 for rooms).
extension CallController {
  /// Transfers of one call under way at once.
  private static let transferLimit = 4
  private static let sipfrag = "message/sipfrag;version=2.0"

  /// A REFER within a call.
  func refer(_ request: SIPRequest, in transaction: ServerTransactionID, of id: String) async {
    guard var call = table[id], let number = request.headers.cSeq?.number else { return }
    guard call.isEstablished else { return refuse(request, in: transaction, 481) }
    // A widget leads to one place, and a visitor brings nobody in.
    guard call.visitor == nil else { return refuse(request, in: transaction, 403, "Not for visitors") }
    guard let target = referTarget(request, in: transaction) else { return }
    guard call.transfers.count < CallController.transferLimit else {
      return refuse(request, in: transaction, 403, "Too many transfers")
    }
    let transfer = Transfer(id: number, isReported: CallController.wantsReport(request))
    if let room = ownRoom(target, contact: call.contact) {
      accept(refer: request, transfer, in: transaction, contact: call.contact)
      call.transfers.append(transfer)
      store(call)
      report(transfer, of: id, status: 100, isFinal: false)
      do throws(SeatRefusal) {
        try await reception.transfer(call.seat.leg, to: room)
        report(transfer, of: id, status: 200, isFinal: true)
      } catch {
        report(transfer, of: id, status: error.status, isFinal: true)
      }
      return
    }
    guard call.authenticatedUser != nil || settings.guestsMayRefer || settings.dialsAnywhere else {
      return refuse(request, in: transaction, 403)
    }
    // Who still stands before the door brings nobody in.
    let name = await reception.rooms(of: [call.seat.leg])[call.seat.leg] ?? call.seat.roomName
    guard let room = await reception.room(named: name),
      await reception.mayKnow(room, user: call.authenticatedUser, leg: call.seat.leg)
    else { return refuse(request, in: transaction, 403) }
    let plan: DialPlan
    do throws(ControlError) { plan = try await self.plan(for: target) } catch {
      return refuse(request, in: transaction, error.kind == .unavailable ? 480 : 403)
    }
    guard var current = table[id], current.isEstablished else { return refuse(request, in: transaction, 481) }
    accept(refer: request, transfer, in: transaction, contact: current.contact)
    current.transfers.append(transfer)
    store(current)
    report(transfer, of: id, status: 100, isFinal: false)
    let order = order(plan, room: name, context: current.context, request, target)
    start { await $0.carryOut(order, for: .call(id, transfer)) }
  }

  /// A REFER to a room from outside of any call: the room shall call somebody (RFC 4579, section 5.5).
  func referOutside(_ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource) async {
    guard let caller = await caller(of: request, in: transaction, from: source) else { return }
    guard !isDraining else { return refuse(request, in: transaction, 503, headers: [("Retry-After", "60")]) }
    guard caller.user != nil || settings.guestsMayRefer || settings.dialsAnywhere else {
      return refuse(request, in: transaction, 403)
    }
    guard !recent.isMerged(request, transaction, at: clock.now) else { return refuse(request, in: transaction, 482) }
    guard let uri = request.uri.sip, case .room(let room) = settings.routes.target(for: uri),
      let number = await reception.room(named: room)
    else { return refuse(request, in: transaction, 404) }
    guard await reception.mayKnow(number, user: caller.user, leg: nil) else {
      return refuse(request, in: transaction, 403)
    }
    guard let target = referTarget(request, in: transaction) else { return }
    let plan: DialPlan
    do throws(ControlError) { plan = try await self.plan(for: target) } catch {
      return refuse(request, in: transaction, error.kind == .unavailable ? 480 : 403)
    }
    guard let number = request.headers.cSeq?.number,
      let dialog = try? Dialog(uas: request, localTag: random.token(16), confirmed: true)
    else { return refuse(request, in: transaction, 400, "Missing Contact") }
    let transfer = Transfer(id: number, isReported: CallController.wantsReport(request))
    let contact = contact(user: room, toward: source, isFocus: true)
    accept(refer: request, transfer, in: transaction, contact: contact, tag: dialog.localTag)
    var referral = Referral.stranger(
      dialog, transfer, contact: contact, destination: CallController.returnPath(of: request, from: source))
    tell(&referral, status: 100, isFinal: false)
    let order = order(plan, room: room, context: CallContext(), request, target)
    start { [referral] in await $0.carryOut(order, for: referral) }
  }

  private func order(
    _ plan: DialPlan, room: String, context: CallContext, _ request: SIPRequest, _ target: SIPURI
  ) -> DialOrder {
    var headers: [(name: String, value: String)] = []
    // RFC 3892, section 2.2; RFC 3891: an attended transfer takes the place of a call of the target.
    if request.headers.referredBy != nil, let value = request.headers["Referred-By"] {
      headers.append(("Referred-By", value))
    }
    if let replaces = target.headers["Replaces"].flatMap({ Replaces($0) }) {
      headers.append(("Replaces", replaces.description))
    }
    return DialOrder(
      plan: plan, room: room, from: NameAddress(uri: .sip(SIPURI(user: room, host: settings.domain))),
      role: .participant, context: context, headers: headers, timeout: settings.ringTimeout)
  }

  private func carryOut(_ order: DialOrder, for referral: Referral) async {
    do throws(ControlError) {
      let call = try await dial(order)
      // It may be over already.
      if let current = table[call.id], current.ended == nil, !current.isEstablished {
        referrals[call.id] = referral
      } else {
        var referral = referral
        let status = table[call.id].map { $0.isEstablished ? 200 : CallController.status(of: $0.cause ?? "") } ?? 480
        tell(&referral, status: status, isFinal: true)
      }
    } catch {
      var referral = referral
      tell(&referral, status: error.kind == .unavailable ? 503 : 480, isFinal: true)
    }
  }

  // MARK: Reports

  /// Tells who asked for the call how it goes.
  func report(onCall id: String, status: Int, isFinal: Bool) async {
    guard var referral = referrals[id] else { return }
    tell(&referral, status: status, isFinal: isFinal)
    referrals[id] = isFinal ? nil : referral
  }

  private func tell(_ referral: inout Referral, status: Int, isFinal: Bool) {
    switch referral {
    case .call(let id, let transfer): report(transfer, of: id, status: status, isFinal: isFinal)
    case .stranger(var dialog, let transfer, let contact, let destination):
      guard transfer.isReported else { return }
      let notify = CallController.notify(&dialog, transfer, contact: contact, status: status, isFinal: isFinal)
      referral = .stranger(dialog, transfer, contact: contact, destination: destination)
      send(notify, for: .prack, to: destination)
    }
  }

  private func report(_ transfer: Transfer, of id: String, status: Int, isFinal: Bool) {
    guard var call = table[id], call.isEstablished, call.transfers.contains(where: { $0.id == transfer.id }),
      var dialog = call.dialog
    else { return }
    if isFinal { call.transfers.removeAll { $0.id == transfer.id } }
    guard transfer.isReported else { return store(call) }
    let notify = CallController.notify(&dialog, transfer, contact: call.contact, status: status, isFinal: isFinal)
    call.dialog = dialog
    store(call)
    send(notify, for: .report(call: id, transfer), to: call.destination)
  }

  private static func notify(
    _ dialog: inout Dialog, _ transfer: Transfer, contact: String, status: Int, isFinal: Bool
  ) -> SIPRequest {
    var notify = dialog.makeRequest(.notify, contact: contact)
    notify.headers.append("Event", EventPackage(name: "refer", id: String(transfer.id)).description)
    let state =
      isFinal
      ? SubscriptionState(state: "terminated", reason: "noresource")
      : SubscriptionState(state: "active", expires: 300)
    notify.headers.append("Subscription-State", state.description)
    notify.headers.append("Content-Type", sipfrag)
    notify.body = Array("SIP/2.0 \(status) \(SIPResponse.reasonPhrase(status))\r\n".utf8)
    return notify
  }

  // MARK: What stands in a REFER

  /// The URI to refer to; nil if the request was refused.
  private func referTarget(_ request: SIPRequest, in transaction: ServerTransactionID) -> SIPURI? {
    guard request.headers.all("Refer-To").count == 1, let target = request.headers.referTo else {
      refuse(request, in: transaction, 400, "One Refer-To is wanted")
      return nil
    }
    guard let uri = target.uri.sip else {
      refuse(request, in: transaction, 416)
      return nil
    }
    guard uri.parameters["method"].map({ $0.uppercased() == "INVITE" }) ?? true else {
      refuse(request, in: transaction, 403, "Only INVITE")
      return nil
    }
    return uri
  }

  /// The room of ours that a URI names, by our domain or by the address that our Contact names.
  private func ownRoom(_ uri: SIPURI, contact: String) -> String? {
    let own = NameAddress(contact)?.uri.sip
    let isLocal = own.map { $0.host.isEquivalent(to: uri.host) && ($0.port ?? 5060) == (uri.port ?? 5060) } ?? false
    guard settings.isOurs(uri.host) || isLocal, settings.user(uri.user ?? "") == nil,
      case .room(let name) = settings.routes.target(for: uri)
    else { return nil }
    return name
  }

  private func accept(
    refer request: SIPRequest, _ transfer: Transfer, in transaction: ServerTransactionID, contact: String,
    tag: String? = nil
  ) {
    var response = reply(202, to: request, tag: tag)
    response.headers.append("Contact", contact)
    response.headers.append("Supported", Abilities.supported)
    if !transfer.isReported { response.headers.append("Refer-Sub", "false") }
    front?.respond(response, in: transaction)
  }

  private static func wantsReport(_ request: SIPRequest) -> Bool {
    guard let value = request.headers["Refer-Sub"] else { return true }
    return ParameterizedToken(parsing: value)?.token.lowercased() != "false"
  }
}

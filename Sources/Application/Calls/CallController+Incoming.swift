import Conference
import Logging
import Primitives
import SDP
import SIP

/// Calls that come: from the INVITE to the seat (RFC 3261, sections 8.2 and 13.3).
extension CallController {
  func arrive(_ request: SIPRequest, in transaction: ServerTransactionID, from source: SIPSource) async {
    let visitor: Visitor?
    do throws(SeatRefusal) { visitor = try self.visitor(of: request, from: source) } catch {
      return await refuseVisitor(error, request, in: transaction, from: source)
    }
    let caller: Caller
    if visitor != nil {
      caller = Caller(user: nil)
    } else if let known = await self.caller(of: request, in: transaction, from: source) {
      caller = known
    } else {
      return
    }
    guard !recent.isMerged(request, transaction, at: clock.now) else { return refuse(request, in: transaction, 482) }
    guard await hasRoom(for: request, in: transaction) else { return }
    guard let uri = request.uri.sip, request.headers.contacts.first?.uri.sip != nil else {
      return refuse(request, in: transaction, 400, "Missing Contact")
    }
    let offer: SessionDescription?
    do throws(MediaRefusal) { offer = try CallController.description(in: request) } catch {
      return refuse(request, in: transaction, error.status, error.reason, headers: CallController.hints(error))
    }
    let timer = SessionTimer.answer(to: request, policy: settings.sessionTimer)
    if case .tooSmall(let minimum) = timer {
      return refuse(request, in: transaction, 422, headers: [("Min-SE", String(minimum))])
    }
    let replaced: String?
    do throws(SeatRefusal) { replaced = try replacedCall(request) } catch {
      return refuse(request, in: transaction, error.status, error.reason)
    }
    // The place of another call may be anywhere.
    guard visitor == nil || replaced == nil else { return refuse(request, in: transaction, 403, "Not for visitors") }
    let dialled = visitor?.widget.destination ?? uri
    guard let destination = destination(of: dialled, replacing: replaced, request, transaction) else { return }
    let id = makeCallIdentifier()
    let context = CallContext(
      id: id, signed: visitor?.token?.context ?? [:],
      unsigned: CustomerContext.values(
        in: request.headers, isTrusted: caller.user != nil, policy: settings.context),
      limit: settings.context.maximumValues)
    let from = Party(request.headers.from)
    let member = NewMember(
      call: id, user: dialled.user ?? "", destination: destination, displayName: from.name,
      uri: from.uri, role: visitor == nil ? .participant : .customer, direction: .incoming, context: context,
      languages: LanguageWishes.list(
        fixed: visitor?.widget.language, context: context, headers: request.headers),
      authenticatedUser: caller.user, replaces: replaced.flatMap { table[$0]?.seat.leg })
    if let visitor {
      do throws(SeatRefusal) { try traffic.enter(visitor, call: id, at: clock.now) } catch {
        return await refuseVisitor(error, request, in: transaction, from: source)
      }
    }
    let arrival = Arrival(
      request: request, transaction: transaction, source: source, member: member, offer: offer, sessionTimer: timer,
      started: clock.timestamp, replaces: replaced, visitor: visitor)
    arrivals[transaction] = arrival
    start { await $0.seat(arrival) }
  }

  /// Everything that is not the caller's fault.
  func hasRoom(for request: SIPRequest, in transaction: ServerTransactionID) async -> Bool {
    if isDraining {
      refuse(request, in: transaction, 503, "Draining", headers: [("Retry-After", "60")])
      return false
    }
    guard table.count - finished.count + arrivals.count < settings.maximumCalls else {
      refuse(request, in: transaction, 503, "Too many calls", headers: [("Retry-After", "10")])
      await tellLimit("calls", at: settings.maximumCalls)
      return false
    }
    return true
  }

  /// Where the call goes; nil if it was refused.
  private func destination(
    of uri: SIPURI, replacing replaced: String?, _ request: SIPRequest, _ transaction: ServerTransactionID
  ) -> RouteTarget? {
    if let replaced, let call = table[replaced] { return .room(call.seat.roomName) }
    guard let user = uri.user, !user.isEmpty, user != "conf=" else {
      refuse(request, in: transaction, 484)
      return nil
    }
    let target = settings.routes.target(for: uri)
    switch target {
    case .room, .entry, .flow, .echo, .announcement: return target
    case .reject(let status, let reason):
      refuse(request, in: transaction, status, reason)
    case .external where request.headers.maxForwards == 0:
      // We are its end for rooms (RFC 4475, section 3.3.11), but to be passed on it has no hop left.
      refuse(request, in: transaction, 483)
    case .external:
      refuse(request, in: transaction, 404, "Not reachable from outside")
    }
    return nil
  }

  /// Finds a seat, opens the media and answers. A CANCEL meanwhile takes the arrival out of the table.
  private func seat(_ arrival: Arrival) async {
    let transaction = arrival.transaction
    await hub.emit("call-attempt", event(arrival))
    guard arrivals[transaction] != nil else { return await attemptEnded(arrival, cause: "cancelled") }
    let seat: Seat
    do throws(SeatRefusal) { seat = try await reception.seat(arrival.member) } catch {
      return await refuse(arrival, error.status, error.reason, retryAfter: error.retryAfter)
    }
    guard arrivals[transaction] != nil else { return await giveBack(seat, of: arrival) }
    arrivals[transaction]?.leg = seat.leg
    let family =
      arrival.offer.map { MediaPlanner.family(of: $0) } ?? (arrival.source.remote.ip.unmapped.isV6 ? .v6 : .v4)
    let ports: LegPorts
    do throws(MediaPlaneError) {
      ports = try await media.openLeg(
        seat.leg, in: seat.room, family: family, kind: arrival.offer.map(MediaPlanner.kind) ?? .plain)
    } catch {
      logger.warning("no media for a caller", metadata: ["call": "\(arrival.member.call)", "reason": "\(error)"])
      await refuse(arrival, 503, "No media", retryAfter: 10)
      return await reception.left(seat.leg, cause: "no-media")
    }
    guard arrivals[transaction] != nil else { return await giveBack(seat, of: arrival) }
    var negotiation = OfferAnswer(ports: ports, planner: planner(for: arrival, in: seat), random: &random)
    var plan: LegPlan?
    do throws(MediaRefusal) {
      if let offer = arrival.offer {
        _ = try negotiation.answer(offer, using: &random)
        plan = try negotiation.plan()
      }
    } catch {
      await refuse(arrival, error.status, error.reason)
      return await reception.left(seat.leg, cause: "no-codec")
    }
    if let plan { await reception.agreed(seat.leg, on: plan) }
    guard arrivals.removeValue(forKey: transaction) != nil else { return await giveBack(seat, of: arrival) }
    await begin(arrival, seat: seat, media: negotiation)
  }

  private func giveBack(_ seat: Seat, of arrival: Arrival) async {
    await reception.left(seat.leg, cause: "cancelled")
    await attemptEnded(arrival, cause: "cancelled")
  }

  private func refuse(_ arrival: Arrival, _ status: Int, _ reason: String, retryAfter: Int? = nil) async {
    if arrivals.removeValue(forKey: arrival.transaction) != nil {
      let headers = retryAfter.map { [(name: "Retry-After", value: String($0))] } ?? []
      refuse(arrival.request, in: arrival.transaction, status, reason, headers: headers)
    }
    await attemptEnded(arrival, cause: "\(status)")
  }

  private func attemptEnded(_ arrival: Arrival, cause: String) async {
    traffic.leave(arrival.member.call)
    await hub.emit("call-end", event(arrival).merging(["cause": cause]) { $1 })
  }

  /// The caller cancelled; the CANCEL is answered already (RFC 3261, section 9.2).
  func cancelled(_ transaction: ServerTransactionID) async {
    if let arrival = arrivals.removeValue(forKey: transaction) {
      refuse(arrival.request, in: transaction, 487)
    } else if let id = unanswered[transaction], let call = table[id] {
      guard case .incoming(let request, _) = call.stage else { return }
      front?.respond(reply(487, to: request, tag: call.dialog?.localTag), in: transaction)
      await end(id, cause: "cancelled")
    }
  }

  // MARK: What stands in the request

  /// The session description, alone or in a multipart body; nil if there is none.
  static func description(in request: SIPRequest) throws(MediaRefusal) -> SessionDescription? {
    guard !request.body.isEmpty else { return nil }
    guard let text = MultipartBody.content(.sdp, headers: request.headers, body: request.body) else {
      let isOptional = request.headers.contentDisposition?.parameters["handling"]?.lowercased() == "optional"
      if isOptional { return nil }
      throw MediaRefusal(415, "Only application/sdp")
    }
    return try OfferAnswer.parse(text)
  }

  static func hints(_ refusal: MediaRefusal) -> [(name: String, value: String)] {
    refusal.status == 415 ? [("Accept", "application/sdp, multipart/mixed")] : []
  }

  private func event(_ arrival: Arrival) -> [String: String] {
    CallController.event(
      call: arrival.member.call, direction: .incoming, from: arrival.member.uri, to: arrival.request.uri.text,
      context: arrival.member.context)
  }
}

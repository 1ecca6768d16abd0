import Conference
import Primitives
import SIP

/// Calls that we make: from the wish to the INVITE (RFC 3261, section 13.2.1).
extension CallController {
  /// Extra header fields of one request.
  private static let headerLimit = 16
  private static let ringTimes = 1...300

  package func dial(_ request: DialRequest) async throws(ControlError) -> CallDescription {
    try await dial(try await order(request)).description(room: nil)
  }

  /// Checks a wish of the control plane.
  private func order(_ request: DialRequest) async throws(ControlError) -> DialOrder {
    guard request.uri.utf8.count <= 1_024, let uri = SIPURI(request.uri) else {
      throw ControlError(.invalid, "'\(request.uri.prefix(80))' is no SIP URI; write sip:user@host", field: "uri")
    }
    let timeout = request.timeout ?? settings.ringTimeout
    guard CallController.ringTimes.contains(timeout) else {
      throw ControlError(.invalid, "A call rings 1 to 300 seconds", field: "timeout")
    }
    var headers: [(name: String, value: String)] = []
    for (name, value) in (request.headers ?? [:]).sorted(by: { $0.key < $1.key }) {
      guard CallController.isAllowed(name), CallController.isHarmless(value), headers.count < CallController.headerLimit
      else {
        throw ControlError(
          .invalid, "Header '\(name.prefix(40))' is not allowed: up to 16 'X-' headers and User-to-User of one line",
          field: "headers")
      }
      headers.append((name, value))
    }
    let context = request.context ?? [:]
    guard context.count <= settings.context.maximumValues,
      context.allSatisfy({
        $0.key.utf8.count <= 64 && $0.value.utf8.count <= settings.context.maximumLength
          && CallController.isHarmless($0.value)
      })
    else {
      throw ControlError(
        .invalid,
        "A context is up to \(settings.context.maximumValues) values of \(settings.context.maximumLength) octets",
        field: "context")
    }
    var brought = request.brought ?? CallContext()
    if let id = request.contextID { brought = try self.context(named: id) }
    return DialOrder(
      plan: try await plan(for: uri), room: request.room, from: try origin(request.from),
      role: request.role ?? .participant, context: brought.adding(context), headers: headers, timeout: timeout,
      codecs: CodecFilter(allowed: request.codecs, denied: Set(request.codecsDenied ?? [])))
  }

  /// Seats the called party, opens its media and sends the INVITE. Returns while it is on its way.
  func dial(_ order: DialOrder) async throws(ControlError) -> Call {
    guard !isDraining else { throw ControlError(.unavailable, "The server is draining: no new calls") }
    guard table.count - finished.count < settings.maximumCalls else {
      await tellLimit("calls", at: settings.maximumCalls)
      throw ControlError(.tooMany, "All \(settings.maximumCalls) calls are in use")
    }
    let id = makeCallIdentifier()
    var context = order.context
    if context.id.isEmpty { context.id = id }
    var order = order
    order.context = context
    let target = order.plan.called ?? order.plan.uri
    let member = NewMember(
      call: id, user: order.room, destination: .room(order.room), displayName: target.user ?? target.host.description,
      uri: "\(SIPURI(scheme: target.scheme, user: target.user, host: target.host, port: target.port))",
      role: order.role, direction: .outgoing, context: order.context)
    let seat: Seat
    do throws(SeatRefusal) { seat = try await reception.seat(member) } catch {
      throw ControlError(error.status == 404 ? .notFound : .unavailable, error.reason, field: "room")
    }
    openings.insert(seat.leg)
    let destination = destination(of: order.plan)
    let family: AddressFamily = destination?.address.ip.unmapped.isV6 == true ? .v6 : .v4
    let ports: LegPorts
    // Who registered by WebSocket is a browser (RFC 7118).
    let isBrowser = destination.map { [.ws, .wss].contains($0.transport) } ?? false
    do throws(MediaPlaneError) {
      ports = try await media.openLeg(seat.leg, in: seat.room, family: family, kind: isBrowser ? .webRTC : .plain)
    } catch {
      openings.remove(seat.leg)
      await reception.left(seat.leg, cause: "no-media")
      throw ControlError(.unavailable, "No media for another call: \(error)")
    }
    guard openings.remove(seat.leg) != nil, front != nil else {
      await reception.left(seat.leg, cause: "hangup")
      throw ControlError(.conflict, "The call was hung up before it began")
    }
    let call = invite(order, id: id, seat: seat, ports: ports, toward: destination)
    await hub.emit("call-attempt", event(call))
    return table[id] ?? call
  }

  /// The INVITE goes out before anybody else gets a word in.
  private func invite(
    _ order: DialOrder, id: String, seat: Seat, ports: LegPorts, toward destination: SIPDestination?
  ) -> Call {
    var media = OfferAnswer(ports: ports, planner: planner(for: order, in: seat), random: &random)
    let offer = media.offer()
    var from = order.from
    from.tag = random.token(16)
    let contact = contact(
      user: order.room, toward: destination, over: CallController.transport(of: order.plan.uri), isFocus: true)
    var request = SIPRequest(method: .invite, uri: .sip(order.plan.uri))
    request.headers.append("Max-Forwards", "70")
    request.headers.append("From", from.description)
    request.headers.append("To", "<\(order.plan.uri)>")
    request.headers.append("Call-ID", random.token(32) + "@" + settings.domain.description)
    request.headers.append("CSeq", CSeq(number: 1, method: .invite).description)
    request.headers.append("Contact", contact)
    request.headers.append("Allow", Abilities.allow)
    request.headers.append("Supported", Abilities.supported)
    request.headers.append("Allow-Events", Abilities.events)
    SessionTimer().ask(settings.sessionTimer, in: &request.headers)
    for (name, value) in order.headers { request.headers.append(name, value) }
    for (name, value) in CustomerContext.headers(for: order.context, policy: settings.context)
    where !request.headers.has(name) { request.headers.append(name, value) }
    CallController.put(offer, into: &request)
    let attempt = OutgoingAttempt(
      id: ClientTransactionID(rawValue: 0), request: request, offer: offer, trunk: order.plan.trunk,
      destination: order.plan.destination, end: clock.now + .seconds(order.timeout))
    var call = Call(
      id: id, direction: .outgoing, from: from.uri.text, to: (order.plan.called ?? order.plan.uri).description,
      started: clock.timestamp, context: order.context, authenticatedUser: nil, stage: .outgoing(attempt),
      dialogKey: DialogID(callID: request.headers["Call-ID"] ?? "", localTag: from.tag ?? "", remoteTag: ""),
      media: media, seat: seat, contact: contact)
    call.trunk = order.plan.trunk
    // A registered phone is reached on the way that its REGISTER came by; a trunk names its own.
    call.destination = order.plan.trunk == nil ? order.plan.destination : nil
    legs[seat.leg] = id
    dialogs[call.dialogKey] = id
    sendInvite(attempt, of: &call)
    return call
  }

  /// Sends the INVITE of an attempt, the first time or after a refusal that can be mended.
  func sendInvite(_ attempt: OutgoingAttempt, of call: inout Call) {
    var attempt = attempt
    attempt.request.headers.set("User-Agent", settings.serverName)
    attempt.early = [:]
    attempt.id = transaction(for: .invite(call: call.id, attempt.request, attempt.destination))
    call.stage = .outgoing(attempt)
    store(call)
    front?.send(attempt.request, id: attempt.id, destination: attempt.destination)
  }

  /// Our From: a URI of our domain, or a name or number shown with one.
  private func origin(_ text: String?) throws(ControlError) -> NameAddress {
    var uri = SIPURI(user: settings.outgoingUser, host: settings.domain)
    guard let text, !text.isEmpty else { return NameAddress(uri: .sip(uri)) }
    guard text.utf8.count <= 255, CallController.isHarmless(text) else {
      throw ControlError(.invalid, "A caller is at most 255 octets of one line", field: "from")
    }
    if let named = NameAddress(text), let given = named.uri.sip {
      // Nobody is called in the name of another domain.
      guard settings.isOurs(given.host) else {
        throw ControlError(.invalid, "'\(text)' is not of our domain \(settings.domain)", field: "from")
      }
      uri.user = given.user ?? uri.user
      return NameAddress(displayName: named.displayName, uri: .sip(uri))
    }
    if NamePattern.isPlainName(text) { uri.user = text }
    return NameAddress(displayName: text, uri: .sip(uri))
  }

  /// `X-` headers and User-to-User (RFC 7433); the context has its own way.
  private static func isAllowed(_ name: String) -> Bool {
    let name = name.lowercased()
    guard name.utf8.count <= 64,
      name.utf8.allSatisfy({ (0x61...0x7A).contains($0) || (0x30...0x39).contains($0) || $0 == 0x2D })
    else { return false }
    return name == CustomerContext.userToUser
      || (name.hasPrefix("x-") && name.utf8.count > 2 && name != "x-call-\(CustomerContext.signed)")
  }

  private static func isHarmless(_ value: String) -> Bool {
    value.utf8.count <= 1_024 && value.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
  }
}

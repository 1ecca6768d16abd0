import Logging
import Primitives
import SDP
import SIP

/// What our messages in calls have in common.
extension CallController {
  /// Fields of a response or request that may make or refresh a dialog.
  func describeSelf(_ call: Call, in response: inout SIPResponse) {
    response.headers.set("Contact", call.contact)
    response.headers.set("Allow", Abilities.allow)
    response.headers.set("Supported", Abilities.supported)
    response.headers.set("Allow-Events", Abilities.events)
    response.headers.set("Accept", Abilities.accept)
  }

  static func put(_ description: SessionDescription, into response: inout SIPResponse) {
    response.headers.set("Content-Type", MediaType.sdp.name)
    response.body = Array(description.encoded().utf8)
  }

  static func put(_ description: SessionDescription, into request: inout SIPRequest) {
    request.headers.set("Content-Type", MediaType.sdp.name)
    request.body = Array(description.encoded().utf8)
  }

  static func put(_ answer: SessionTimer.Answer, into response: inout SIPResponse) {
    guard case .agreed(let agreement, let requireTimer) = answer else { return }
    response.headers.set("Session-Expires", agreement.sessionExpires.description)
    if requireTimer { response.headers.append("Require", "timer") }
  }

  /// Our Contact for a peer: an address that it can reach, and for rooms the sign of a focus (RFC 4579, section 4.2).
  func contact(user: String, toward source: SIPSource, isFocus: Bool) -> String {
    let peer = SIPDestination(transport: source.transport, address: source.remote, flow: source.flow)
    return contact(user: user, toward: peer, local: source.local, isFocus: isFocus)
  }

  func contact(
    user: String, toward peer: SIPDestination?, over transport: SIPTransport? = nil, local: TransportAddress? = nil,
    isFocus: Bool
  ) -> String {
    let reached = peer.flatMap { front?.localAddress(toward: $0) } ?? settings.contactAddress
    var uri = SIPURI(user: user.isEmpty ? settings.outgoingUser : user, host: settings.domain)
    if let address = reached?.address ?? local {
      uri.host = .address(address.ip)
      uri.port = address.port
    }
    let transport = peer?.transport ?? transport ?? reached?.transport ?? .udp
    if transport != .udp { uri.parameters["transport"] = transport.uriParameter }
    return "<\(uri)>" + (isFocus ? ";isfocus" : "")
  }

  /// Where requests to a caller go: back to where it called from, if it called directly and over a connection or
  /// through a translator; otherwise nil, by Route and Contact.
  static func returnPath(of request: SIPRequest, from source: SIPSource) -> SIPDestination? {
    let vias = request.headers.vias
    guard vias.count == 1, let via = vias.first, request.headers.list("Record-Route").isEmpty else { return nil }
    let back = SIPDestination(transport: source.transport, address: source.remote, flow: source.flow)
    if source.transport.isReliable { return back }
    let said = via.host.address.map { TransportAddress($0, port: via.port ?? source.transport.defaultPort) }
    return said == source.remote ? nil : back
  }

  /// What the event stream says of a call.
  static func event(
    call: String, direction: CallDirection, from: String, to: String, context: CallContext
  ) -> [String: String] {
    var values = ["call": call, "direction": direction.rawValue, "from": from, "to": to]
    for (key, value) in context.values { values["context.\(key)"] = value }
    // Names of those that the shop vouches for.
    if !context.signed.isEmpty { values["signed"] = context.signed.sorted().joined(separator: ",") }
    return values
  }

  func event(_ call: Call) -> [String: String] {
    var values = CallController.event(
      call: call.id, direction: call.direction, from: call.from, to: call.to, context: call.context)
    values["room"] = call.seat.roomName
    values["member"] = MemberIdentifier.text(call.seat.leg)
    return values
  }

  /// A flood of refusals makes one event in ten seconds.
  func tellLimit(_ name: String, at limit: Int) async {
    let now = clock.now
    if let last = limitsTold[name], now < last + .seconds(10) { return }
    limitsTold[name] = now
    logger.warning("limit reached", metadata: ["limit": "\(name)", "value": "\(limit)"])
    await hub.emit("limit", ["limit": name, "value": "\(limit)"])
  }

  func makeCallIdentifier() -> String { "c" + random.token(12) }
}

import Primitives
import SDP
import SIP

/// What the server asks of the callers.
extension CallAgent {
  mutating func receive(_ request: SIPRequest, _ transaction: ServerTransactionID, at now: Instant) {
    guard let callID = request.headers.callID, let id = dialogs[callID], let call = calls[id] else {
      let isKnown = request.method == .options
      return respond(isKnown ? 200 : request.method == .invite ? 480 : 481, to: request, transaction, at: now)
    }
    guard verify(request, of: call) else { return respond(481, to: request, transaction, at: now) }
    switch request.method {
    case .bye:
      respond(200, to: request, transaction, at: now)
      switch call.stage {
      case .inviting, .standing: forget(call, .theirs)
      case .leaving(_, _, let ending): forget(call, ending)
      }
    case .invite, .update:
      renegotiate(call, request, transaction, at: now)
    case .options, .info, .notify, .message:
      respond(200, to: request, transaction, at: now)
    default:
      respond(405, to: request, transaction, headers: [("Allow", CallAgent.allowed)], at: now)
    }
  }

  /// Checks tags and order, and takes the server's new Contact over.
  private mutating func verify(_ request: SIPRequest, of call: AgentCall) -> Bool {
    var call = call
    switch call.stage {
    case .inviting: return request.method == .bye || request.method == .update
    case .standing(var dialog, let acknowledgement):
      guard dialog.receive(request) == .accepted else { return false }
      call.stage = .standing(dialog, acknowledgement: acknowledgement)
    case .leaving(var dialog, let acknowledgement, let ending):
      guard dialog.receive(request) == .accepted else { return false }
      call.stage = .leaving(dialog, acknowledgement: acknowledgement, ending)
    }
    calls[call.id] = call
    return true
  }

  /// A re-INVITE or UPDATE: answers its offer, or repeats ours if it has none.
  private mutating func renegotiate(
    _ call: AgentCall, _ request: SIPRequest, _ transaction: ServerTransactionID, at now: Instant
  ) {
    guard var call = calls[call.id] else { return }
    if request.body.isEmpty {
      let body = request.method == .invite ? Array(call.description.encoded().utf8) : []
      return respond(200, to: request, transaction, body: body, at: now)
    }
    guard let offer = try? SessionDescription(parsing: request.body),
      let (answer, agreed) = try? Negotiation.answer(to: offer, local: call.media, previous: call.description)
    else { return respond(488, to: request, transaction, at: now) }
    call.description = answer
    calls[call.id] = call
    respond(200, to: request, transaction, body: Array(answer.encoded().utf8), at: now)
    if let audio = agreed.lazy.compactMap(\.audio).first, audio.remoteRTP != nil { emit(.moved(call.id, audio)) }
  }

  private mutating func respond(
    _ status: Int, to request: SIPRequest, _ transaction: ServerTransactionID,
    headers: [(String, String)] = [], body: [UInt8] = [], at now: Instant
  ) {
    var response = SIPResponse(status: status, to: request, toTag: random.token(16))
    if request.method == .invite || request.method == .update {
      response.headers.append("Contact", "<sip:caller@\(peer.local)\(contactParameter)>")
    }
    for (name, value) in headers { response.headers.append(name, value) }
    if !body.isEmpty {
      response.headers.append("Content-Type", "application/sdp")
      response.body = body
    }
    transactions.respond(response, in: transaction, at: now)
  }
}

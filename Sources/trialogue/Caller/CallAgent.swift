import Primitives
import SDP
import SIP

/// The callers' SIP user agent: many calls on one UDP socket or WebSocket, without I/O (RFC 3261, sections 8, 12, 13 and 15).
///
/// Everything goes to the one server that it was made for, as to an outbound proxy. After each call drain `nextAction()`.
struct CallAgent: Sendable {
  let peer: TransactionPeer
  let credentials: AgentCredentials?
  var transactions: TransactionLayer
  var calls: [CallerID: AgentCall] = [:]
  /// By Call-ID.
  var dialogs: [String: CallerID] = [:]
  /// Which call a client transaction belongs to.
  var owners: [ClientTransactionID: CallerID] = [:]
  var random: RandomSource
  private var lastTransaction: UInt64 = 0
  private var actions: [AgentAction] = []
  private var nextIndex = 0

  init(
    local: TransportAddress, server: TransportAddress, transport: SIPTransport = .udp,
    credentials: AgentCredentials? = nil, random: RandomSource
  ) {
    var random = random
    peer = TransactionPeer(transport: transport, remote: server, local: local)
    self.credentials = credentials
    transactions = TransactionLayer(random: .seeded(random.next()))
    self.random = random
  }

  /// What a Contact says of how we are reached, behind the URI (RFC 7118, section 5).
  var contactParameter: String { peer.transport == .udp ? "" : ";transport=" + peer.transport.uriParameter }

  var isIdle: Bool { calls.isEmpty }
  var deadline: Instant? { transactions.deadline }

  mutating func nextAction() -> AgentAction? {
    guard nextIndex < actions.count else {
      actions.removeAll(keepingCapacity: true)
      nextIndex = 0
      return nil
    }
    nextIndex += 1
    return actions[nextIndex - 1]
  }

  /// Calls `uri`, offering the one format to be received at `rtp`, and nothing but the security that is given.
  mutating func call(
    _ id: CallerID, uri: String, name: String, format: CallerFormat, rtp: TransportAddress,
    security: LocalSecurity = .none, at now: Instant
  ) {
    let media = LocalMedia(
      rtp: rtp, rtcp: TransportAddress(rtp.ip, port: rtp.port &+ 1), sessionID: random.next() >> 16,
      capabilities: MediaCapabilities(
        audio: [format.capability], telephoneEvent: true, comfortNoise: false, audioLevel: false,
        transports: ["RTP/AVP", "RTP/AVPF"]),
      security: security)
    let offer = Negotiation.offer(media)
    let callID = random.token(24)
    let own = "sip:\(name)@\(peer.local)"
    var invite = SIPRequest(method: .invite, uri: RequestURI(uri))
    invite.headers = [
      "Max-Forwards": "70", "From": "<\(own)>;tag=\(random.token(16))", "To": "<\(uri)>", "Call-ID": callID,
      "CSeq": CSeq(number: 1, method: .invite).description, "Contact": "<\(own)\(contactParameter)>",
      "Allow": CallAgent.allowed,
      "User-Agent": "trialogue", "Content-Type": "application/sdp",
    ]
    invite.body = Array(offer.encoded().utf8)
    let transaction = newTransaction(for: id)
    calls[id] = AgentCall(
      id: id, invite: invite, media: media, description: offer, started: now,
      stage: .inviting(transaction, isUnwanted: false))
    dialogs[callID] = id
    transactions.send(invite, id: transaction, to: peer, at: now)
    settle(at: now)
  }

  static let allowed = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, UPDATE, NOTIFY"

  /// Ends the call in whatever state it is; `ended` follows when the server has agreed.
  mutating func hangUp(_ id: CallerID, at now: Instant) {
    guard var call = calls[id] else { return }
    switch call.stage {
    case .inviting(let transaction, _):
      call.stage = .inviting(transaction, isUnwanted: true)
      calls[id] = call
      transactions.cancel(transaction, at: now)
    case .standing(let dialog, let acknowledgement):
      leave(call, dialog, acknowledgement, as: .ours, at: now)
    case .leaving: break
    }
    settle(at: now)
  }

  /// A datagram came; what is no SIP is dropped.
  mutating func receive(_ datagram: Span<UInt8>, from source: TransportAddress, at now: Instant) {
    guard let message = try? SIPParser.parse(datagram: datagram) else { return }
    var from = peer
    from.remote = source
    transactions.receive(message, from: from, at: now)
    settle(at: now)
  }

  /// There is no way to the server any more: so ends every call.
  mutating func lose(_ reason: String) {
    for call in calls.values.sorted(by: { $0.id.rawValue < $1.id.rawValue }) { forget(call, .local(reason)) }
  }

  mutating func timeout(at now: Instant) {
    transactions.timeout(at: now)
    settle(at: now)
  }

  /// Works off what the transactions have to say.
  private mutating func settle(at now: Instant) {
    while let action = transactions.nextAction() {
      switch action {
      case .send(let bytes, let to, _): emit(.send(bytes, to: to.remote))
      case .deliver(let request, let transaction, _): receive(request, transaction, at: now)
      case .response(let response, let transaction): receive(response, transaction, at: now)
      case .failed(let transaction, let failure): fail(transaction, failure, at: now)
      case .deliverACK, .cancelled: break
      }
    }
  }

  mutating func emit(_ action: AgentAction) { actions.append(action) }

  mutating func newTransaction(for id: CallerID) -> ClientTransactionID {
    lastTransaction += 1
    let transaction = ClientTransactionID(rawValue: lastTransaction)
    owners[transaction] = id
    return transaction
  }

  mutating func leave(
    _ call: AgentCall, _ dialog: Dialog, _ acknowledgement: SIPRequest, as ending: CallEnding, at now: Instant
  ) {
    var call = call
    var dialog = dialog
    let bye = dialog.makeRequest(.bye)
    call.stage = .leaving(dialog, acknowledgement: acknowledgement, ending)
    calls[call.id] = call
    transactions.send(bye, id: newTransaction(for: call.id), to: peer, at: now)
  }

  mutating func forget(_ call: AgentCall, _ ending: CallEnding) {
    calls[call.id] = nil
    if let callID = call.invite.headers.callID { dialogs[callID] = nil }
    emit(.ended(call.id, ending))
  }
}

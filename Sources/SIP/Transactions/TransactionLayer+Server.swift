import Primitives

/// The server's side of `TransactionLayer`: requests that come, responses that go.
extension TransactionLayer {
  /// Sends the user's response; where it goes was fixed when the request came. Without its transaction it is dropped.
  package mutating func respond(_ response: SIPResponse, in id: ServerTransactionID, at now: Instant) {
    guard var entry = servers[id], let outputs = entry.respond(response, at: now) else {
      counters.strayAnswers &+= 1
      return
    }
    settle(&entry, id: id, outputs: outputs)
  }

  /// True for a request that came before and has its transaction still.
  package func isKnown(_ request: SIPRequest) -> Bool {
    ServerTransactionID(request).map { servers[$0] != nil } ?? false
  }

  /// Answers a request without a transaction, as RFC 3261, section 8.2.7, describes. An ACK is never answered.
  package mutating func refuse(
    _ request: SIPRequest, status: Int, reason: String? = nil, headers: [(name: String, value: String)] = [],
    from peer: TransactionPeer
  ) {
    guard request.method != .ack, let via = request.headers.topVia else {
      counters.unmatchable &+= 1
      return
    }
    let stamped = TransactionLayer.stamped(request, via: via, from: peer)
    var response = SIPResponse(status: status, reason: reason, to: stamped, toTag: statelessTag(request, via: via))
    for header in headers { response.headers.append(header.name, header.value) }
    emit(.send(response.encoded(), to: peer.responsePeer(via: via), owner: .none))
  }

  mutating func receive(_ request: SIPRequest, from peer: TransactionPeer, at now: Instant) {
    guard let via = request.headers.topVia, let id = ServerTransactionID(request) else {
      counters.unmatchable &+= 1
      return
    }
    if request.method == .ack { return receiveACK(request, id: id, from: peer, at: now) }
    if var entry = servers[id] {
      counters.retransmittedRequests &+= 1
      return settle(&entry, id: id, outputs: entry.receiveAgain())
    }
    guard servers.count < limits.serverTransactions else {
      counters.refusedRequests &+= 1
      let retryAfter = (name: "Retry-After", value: String(limits.retryAfter))
      return refuse(request, status: 503, headers: [retryAfter], from: peer)
    }
    let stamped = TransactionLayer.stamped(request, via: via, from: peer)
    let isReliable = peer.transport.isReliable
    let machine: ServerEntry.Machine =
      request.method == .invite
      ? .invite(InviteServerTransaction(stamped, isReliable: isReliable, timers: timers, at: now))
      : .nonInvite(NonInviteServerTransaction(isReliable: isReliable, timers: timers, at: now))
    var entry = ServerEntry(machine: machine, peer: peer.responsePeer(via: via))
    settle(&entry, id: id, outputs: [])
    if request.method == .cancel {
      receiveCancel(stamped, id: id, at: now)
    } else {
      emit(.deliver(stamped, id, from: peer))
    }
  }

  mutating func timeout(server id: ServerTransactionID, scheduled: Instant, at now: Instant) {
    guard var entry = servers[id], entry.scheduled == scheduled else { return }
    entry.scheduled = nil
    let outputs = entry.timeout(at: now)
    settle(&entry, id: id, outputs: outputs)
  }

  mutating func transportFailed(server id: ServerTransactionID, at now: Instant) {
    guard var entry = servers[id] else { return }
    entry.transportFailed()
    settle(&entry, id: id, outputs: [])
  }

  private mutating func receiveACK(
    _ request: SIPRequest, id: ServerTransactionID, from peer: TransactionPeer, at now: Instant
  ) {
    if var entry = servers[id], case .invite(var transaction) = entry.machine {
      let isConsumed = transaction.receiveACK(at: now)
      entry.machine = .invite(transaction)
      settle(&entry, id: id, outputs: [])
      if isConsumed { return }
    }
    emit(.deliverACK(request, from: peer))
  }

  /// RFC 3261, section 9.2: a CANCEL is answered here; its INVITE is ended by the user.
  private mutating func receiveCancel(_ request: SIPRequest, id: ServerTransactionID, at now: Instant) {
    guard let target = servers[id.cancelled], case .invite(let invite) = target.machine else {
      return respond(SIPResponse(status: 481, to: request, toTag: random.token(16)), in: id, at: now)
    }
    respond(SIPResponse(status: 200, to: request, toTag: invite.toTag ?? random.token(16)), in: id, at: now)
    if invite.isProceeding { emit(.cancelled(id.cancelled)) }
  }

  /// Stores the entry, or forgets it when its transaction is over, and passes its outputs on.
  private mutating func settle(_ entry: inout ServerEntry, id: ServerTransactionID, outputs: [TransactionOutput]) {
    if entry.isTerminated {
      count(entry)
      servers[id] = nil
    } else {
      schedule(.server(id), at: entry.deadline, scheduled: &entry.scheduled)
      servers[id] = entry
    }
    compactQueue()
    for output in outputs {
      switch output {
      case .send(let bytes): emit(.send(bytes, to: entry.peer, owner: .server(id)))
      case .sendAgain(let bytes):
        counters.retransmissions &+= 1
        emit(.send(bytes, to: entry.peer, owner: .server(id)))
      case .deliver, .fail, .sendCancel:
        preconditionFailure("A server transaction only sends.")
      }
    }
  }

  private mutating func count(_ entry: ServerEntry) {
    switch entry.machine {
    case .invite(let transaction):
      switch transaction.state {
      case .terminated(.unacknowledged): counters.unacknowledged &+= 1
      case .terminated(.unanswered): counters.unanswered &+= 1
      case .terminated(.acknowledged), .terminated(.transportFailed): break
      case .proceeding, .accepted, .completed, .confirmed: break
      }
    case .nonInvite(let transaction):
      if case .terminated(answered: false) = transaction.state { counters.unanswered &+= 1 }
    }
  }

  /// The request with `received` and `rport` in its topmost Via: RFC 3261, section 18.2.1, and RFC 3581, section 4.
  static func stamped(_ request: SIPRequest, via: Via, from peer: TransactionPeer) -> SIPRequest {
    var via = via
    let source = peer.remote.ip.unmapped
    let isSame = if case .address(let address) = via.host { address.unmapped == source } else { false }
    let wantsPort = via.parameters.has("rport")
    // A forged `received` of the sender must not survive.
    guard !isSame || wantsPort || via.received != nil || via.rport != nil else { return request }
    via.parameters["received"] = isSame && !wantsPort ? nil : source.description
    if wantsPort { via.parameters["rport"] = String(peer.remote.port) }
    var request = request
    let others = request.headers.list("Via").dropFirst()
    request.headers.remove("Via")
    for other in others.reversed() { request.headers.prepend("Via", other) }
    request.headers.prepend("Via", via.description)
    return request
  }

  /// The same tag for the same request, without memory: FNV-1a over branch and Call-ID.
  private func statelessTag(_ request: SIPRequest, via: Via) -> String? {
    guard request.headers.to?.tag == nil else { return nil }
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325 ^ tagSeed
    for text in [via.branch ?? "", request.headers["Call-ID"] ?? "", request.headers["CSeq"] ?? ""] {
      for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    }
    return String(hash, radix: 16)
  }
}

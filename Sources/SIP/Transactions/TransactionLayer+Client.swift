import Primitives

/// The client's side of `TransactionLayer`: requests that go, responses that come.
extension TransactionLayer {
  /// Starts a client transaction: puts our Via on top, sends, and retransmits unless the transport is reliable.
  ///
  /// `sentBy` is the address that the peer may answer to, when it differs from the socket's.
  package mutating func send(
    _ request: SIPRequest, id: ClientTransactionID, to peer: TransactionPeer, sentBy: TransportAddress? = nil,
    at now: Instant
  ) {
    guard clients.count < limits.clientTransactions, names[id] == nil else {
      return emit(.failed(id, .overload))
    }
    let branch = "z9hG4bK" + random.token(24)
    let routed = TransactionLayer.withVia(request, branch: branch, sentBy: sentBy ?? peer.local, peer: peer)
    let key = ClientTransactionKey(branch: branch, method: request.method)
    let isReliable = peer.transport.isReliable
    let machine: ClientEntry.Machine =
      request.method == .invite
      ? .invite(InviteClientTransaction(routed, isReliable: isReliable, timers: timers, at: now))
      : .nonInvite(NonInviteClientTransaction(routed, isReliable: isReliable, timers: timers, at: now))
    names[id] = key
    start(ClientEntry(machine: machine, id: id, peer: peer), key: key, at: now)
  }

  /// Sends the ACK of a 2xx: a branch of its own and no transaction (RFC 3261, section 13.2.2.4).
  package mutating func acknowledge(_ request: SIPRequest, to peer: TransactionPeer, sentBy: TransportAddress? = nil) {
    let branch = "z9hG4bK" + random.token(24)
    let routed = TransactionLayer.withVia(request, branch: branch, sentBy: sentBy ?? peer.local, peer: peer)
    emit(.send(routed.encoded(), to: peer, owner: .none))
  }

  /// CANCELs the INVITE of that name, now or as soon as its first provisional response is there. Too late: no effect.
  package mutating func cancel(_ id: ClientTransactionID, at now: Instant) {
    guard let key = names[id], var entry = clients[key] else { return }
    let outputs = entry.cancel(at: now)
    settle(&entry, key: key, outputs: outputs, at: now)
  }

  mutating func receive(_ response: SIPResponse, at now: Instant) {
    guard let key = ClientTransactionKey(response) else {
      counters.unmatchable &+= 1
      return
    }
    guard var entry = clients[key] else {
      counters.strayResponses &+= 1
      return
    }
    let outputs = entry.receive(response, at: now)
    settle(&entry, key: key, outputs: outputs, at: now)
  }

  mutating func timeout(client key: ClientTransactionKey, scheduled: Instant, at now: Instant) {
    guard var entry = clients[key], entry.scheduled == scheduled else { return }
    entry.scheduled = nil
    let outputs = entry.timeout(at: now)
    settle(&entry, key: key, outputs: outputs, at: now)
  }

  mutating func transportFailed(client key: ClientTransactionKey, reason: String, at now: Instant) {
    guard var entry = clients[key] else { return }
    let outputs = entry.transportFailed(reason: reason)
    settle(&entry, key: key, outputs: outputs, at: now)
  }

  private mutating func start(_ entry: ClientEntry, key: ClientTransactionKey, at now: Instant) {
    var entry = entry
    settle(&entry, key: key, outputs: entry.start, at: now)
  }

  /// RFC 3261, section 9.1: the CANCEL goes the INVITE's way, with its branch, as a transaction of its own.
  private mutating func sendCancel(of entry: ClientEntry, key: ClientTransactionKey, at now: Instant) {
    guard case .invite(let invite) = entry.machine else { return }
    let machine = NonInviteClientTransaction(
      invite.request.sibling(method: .cancel), isReliable: invite.isReliable, timers: timers, at: now)
    start(
      ClientEntry(machine: .nonInvite(machine), id: nil, peer: entry.peer),
      key: ClientTransactionKey(branch: key.branch, method: .cancel), at: now)
  }

  /// Stores the entry, or forgets it when its transaction is over, and passes its outputs on.
  private mutating func settle(
    _ entry: inout ClientEntry, key: ClientTransactionKey, outputs: [TransactionOutput], at now: Instant
  ) {
    if entry.isTerminated {
      clients[key] = nil
      if let id = entry.id { names[id] = nil }
    } else {
      schedule(.client(key), at: entry.deadline, scheduled: &entry.scheduled)
      clients[key] = entry
    }
    compactQueue()
    for output in outputs {
      switch output {
      case .send(let bytes): emit(.send(bytes, to: entry.peer, owner: .client(key)))
      case .sendAgain(let bytes):
        counters.retransmissions &+= 1
        emit(.send(bytes, to: entry.peer, owner: .client(key)))
      case .deliver(let response):
        if let id = entry.id { emit(.response(response, id)) }
      case .fail(let failure):
        if failure == .timeout { counters.timeouts &+= 1 }
        if let id = entry.id { emit(.failed(id, failure)) }
      case .sendCancel: sendCancel(of: entry, key: key, at: now)
      }
    }
  }

  /// The request with our Via on top; `rport` asks for the answer to come where the request came from (RFC 3581).
  private static func withVia(
    _ request: SIPRequest, branch: String, sentBy: TransportAddress, peer: TransactionPeer
  ) -> SIPRequest {
    var request = request
    request.headers.prepend("Via", "SIP/2.0/\(peer.transport.rawValue) \(sentBy);branch=\(branch);rport")
    return request
  }
}

import Primitives

/// A client transaction as the layer holds it: the machine, whose it is and where its requests go.
struct ClientEntry: Sendable {
  enum Machine: Sendable {
    case invite(InviteClientTransaction)
    case nonInvite(NonInviteClientTransaction)
  }

  var machine: Machine
  /// The user's name for it; nil for a CANCEL, whose outcome nobody needs.
  let id: ClientTransactionID?
  let peer: TransactionPeer
  /// The deadline that stands in the queue.
  var scheduled: Instant?

  var deadline: Instant? {
    switch machine {
    case .invite(let transaction): transaction.deadline
    case .nonInvite(let transaction): transaction.deadline
    }
  }

  var isTerminated: Bool {
    switch machine {
    case .invite(let transaction): transaction.isTerminated
    case .nonInvite(let transaction): transaction.isTerminated
    }
  }

  var start: [TransactionOutput] {
    switch machine {
    case .invite(let transaction): transaction.start
    case .nonInvite(let transaction): transaction.start
    }
  }

  mutating func receive(_ response: SIPResponse, at now: Instant) -> [TransactionOutput] {
    switch machine {
    case .invite(var transaction):
      let outputs = transaction.receive(response, at: now)
      machine = .invite(transaction)
      return outputs
    case .nonInvite(var transaction):
      let outputs = transaction.receive(response, at: now)
      machine = .nonInvite(transaction)
      return outputs
    }
  }

  mutating func cancel(at now: Instant) -> [TransactionOutput] {
    switch machine {
    case .invite(var transaction):
      let outputs = transaction.cancel(at: now)
      machine = .invite(transaction)
      return outputs
    case .nonInvite:
      // RFC 3261, section 9.1: only INVITE is worth a CANCEL.
      return []
    }
  }

  mutating func transportFailed(reason: String) -> [TransactionOutput] {
    switch machine {
    case .invite(var transaction):
      let outputs = transaction.transportFailed(reason: reason)
      machine = .invite(transaction)
      return outputs
    case .nonInvite(var transaction):
      let outputs = transaction.transportFailed(reason: reason)
      machine = .nonInvite(transaction)
      return outputs
    }
  }

  mutating func timeout(at now: Instant) -> [TransactionOutput] {
    switch machine {
    case .invite(var transaction):
      let outputs = transaction.timeout(at: now)
      machine = .invite(transaction)
      return outputs
    case .nonInvite(var transaction):
      let outputs = transaction.timeout(at: now)
      machine = .nonInvite(transaction)
      return outputs
    }
  }
}

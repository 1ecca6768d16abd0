import Primitives

/// A server transaction as the layer holds it: the machine and where its responses go.
struct ServerEntry: Sendable {
  enum Machine: Sendable {
    case invite(InviteServerTransaction)
    case nonInvite(NonInviteServerTransaction)
  }

  var machine: Machine
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

  func receiveAgain() -> [TransactionOutput] {
    switch machine {
    case .invite(let transaction): transaction.receiveAgain()
    case .nonInvite(let transaction): transaction.receiveAgain()
    }
  }

  mutating func respond(_ response: SIPResponse, at now: Instant) -> [TransactionOutput]? {
    switch machine {
    case .invite(var transaction):
      let outputs = transaction.respond(response, at: now)
      machine = .invite(transaction)
      return outputs
    case .nonInvite(var transaction):
      let outputs = transaction.respond(response, at: now)
      machine = .nonInvite(transaction)
      return outputs
    }
  }

  mutating func transportFailed() {
    switch machine {
    case .invite(var transaction):
      transaction.transportFailed()
      machine = .invite(transaction)
    case .nonInvite(var transaction):
      transaction.transportFailed()
      machine = .nonInvite(transaction)
    }
  }

  mutating func timeout(at now: Instant) -> [TransactionOutput] {
    switch machine {
    case .invite(var transaction):
      let outputs = transaction.timeout(at: now)
      machine = .invite(transaction)
      return outputs
    case .nonInvite(var transaction):
      transaction.timeout(at: now)
      machine = .nonInvite(transaction)
      return []
    }
  }
}

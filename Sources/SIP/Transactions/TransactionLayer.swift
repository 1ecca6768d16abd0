import Primitives

/// All transactions of a server in one machine without I/O: RFC 3261, section 17, RFC 6026, and the Via rules of RFC 3581.
///
/// Feed it messages, the user's wishes and time; after each call drain `nextAction()`. It matches, retransmits, absorbs,
/// says 100 when the user is slow, acknowledges failed INVITEs, answers CANCEL, and bounds what peers can make grow.
package struct TransactionLayer: Sendable {
  /// What is refused beyond: named caps of the two tables.
  package struct Limits: Hashable, Sendable {
    /// Server transactions; further requests get a stateless 503.
    package var serverTransactions = 20_000
    /// Client transactions; further requests of the user fail with `.overload`.
    package var clientTransactions = 20_000
    /// Seconds in the Retry-After of that 503.
    package var retryAfter = 10
    package init() {}
  }

  package let timers: TransactionTimers
  package let limits: Limits
  package internal(set) var counters = TransactionCounters()

  var servers: [ServerTransactionID: ServerEntry] = [:]
  var clients: [ClientTransactionKey: ClientEntry] = [:]
  /// The user's names for client transactions.
  var names: [ClientTransactionID: ClientTransactionKey] = [:]
  var random: RandomSource
  /// Makes the To tags of stateless responses unpredictable, yet the same for a retransmission.
  let tagSeed: UInt64

  private var queue = DeadlineQueue<TransactionOwner>()
  private var actions: [TransactionAction] = []
  private var nextIndex = 0

  package init(random: RandomSource, timers: TransactionTimers = .init(), limits: Limits = .init()) {
    var random = random
    self.tagSeed = random.next()
    self.random = random
    self.timers = timers
    self.limits = limits
  }

  package var serverTransactionCount: Int { servers.count }
  package var clientTransactionCount: Int { clients.count }

  /// A message came from the wire, already validated.
  package mutating func receive(_ message: SIPMessage, from peer: TransactionPeer, at now: Instant) {
    switch message {
    case .request(let request): receive(request, from: peer, at: now)
    case .response(let response): receive(response, at: now)
    }
  }

  /// The next thing to do, or nil when all is done.
  package mutating func nextAction() -> TransactionAction? {
    guard nextIndex < actions.count else {
      actions.removeAll(keepingCapacity: actions.count < 1_024)
      nextIndex = 0
      return nil
    }
    let action = actions[nextIndex]
    nextIndex += 1
    return action
  }

  /// When `timeout` wants to be called next; it may turn out that nothing was to do.
  package var deadline: Instant? { queue.first?.at }

  /// Fires the timers that are due.
  package mutating func timeout(at now: Instant) {
    while let first = queue.first, first.at <= now {
      guard let entry = queue.popFirst() else { return }
      switch entry.key {
      case .server(let id): timeout(server: id, scheduled: entry.at, at: now)
      case .client(let key): timeout(client: key, scheduled: entry.at, at: now)
      case .none: break
      }
    }
  }

  /// The transport could not send for this transaction: RFC 3261, sections 17.1.4 and 17.2.4.
  package mutating func transportFailed(_ owner: TransactionOwner, reason: String, at now: Instant) {
    switch owner {
    case .client(let key): transportFailed(client: key, reason: reason, at: now)
    case .server(let id): transportFailed(server: id, at: now)
    case .none: break
    }
  }

  mutating func emit(_ action: TransactionAction) { actions.append(action) }

  /// Puts a transaction's deadline into the queue if it moved.
  mutating func schedule(_ owner: TransactionOwner, at deadline: Instant?, scheduled: inout Instant?) {
    guard deadline != scheduled else { return }
    scheduled = deadline
    guard let deadline else { return }
    queue.insert(owner, at: deadline)
  }

  /// Keeps entries of transactions that moved on from outnumbering the live ones.
  mutating func compactQueue() {
    guard queue.count > 1_024 + 4 * (servers.count + clients.count) else { return }
    queue.compact { [servers, clients] entry in
      switch entry.key {
      case .server(let id): servers[id]?.scheduled == entry.at
      case .client(let key): clients[key]?.scheduled == entry.at
      case .none: false
      }
    }
  }
}

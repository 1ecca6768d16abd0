import Primitives
import SIP

/// What the clock does to a call.
extension Call {
  package enum Action: Sendable {
    case respond(SIPResponse, ServerTransactionID)
    /// The PRACK did not come: refuse the INVITE.
    case refuse(status: Int)
    case refresh
    case hangUp(cause: String)
    case cancel(cause: String)
    /// The ACK never came: the BYE that waited for it may go.
    case bye
  }

  package var deadline: Instant? {
    switch stage {
    case .ended: nil
    case .leaving: answer?.deadline
    case .incoming: provisional?.deadline
    case .outgoing(let attempt): attempt.end
    case .established: [timer.deadline, answer?.deadline, retry].compactMap { $0 }.min()
    }
  }

  package mutating func timeout(at now: Instant) -> [Action] {
    switch stage {
    case .ended: []
    case .leaving: answerActions(at: now, givingUp: .bye)
    case .incoming(_, let transaction): provisionalActions(in: transaction, at: now)
    case .outgoing(let attempt): now >= attempt.end ? [.cancel(cause: "no-answer")] : []
    case .established: answerActions(at: now, givingUp: .hangUp(cause: "no-ack")) + sessionActions(at: now)
    }
  }

  private mutating func provisionalActions(in transaction: ServerTransactionID, at now: Instant) -> [Action] {
    var actions: [Action] = []
    provisional?.timeout(at: now)
    while let action = provisional?.nextAction() {
      switch action {
      case .send(let response): actions.append(.respond(response, transaction))
      case .giveUp: actions.append(.refuse(status: 504))
      }
    }
    return actions
  }

  private mutating func answerActions(at now: Instant, givingUp: Action) -> [Action] {
    switch answer?.timeout(at: now) {
    case .send(let response, let transaction): return [.respond(response, transaction)]
    case .giveUp:
      answer = nil
      return [givingUp]
    case nil: return []
    }
  }

  private mutating func sessionActions(at now: Instant) -> [Action] {
    if let retry, now >= retry {
      self.retry = nil
      return [.refresh]
    }
    return switch timer.timeout(at: now) {
    case .refresh: [.refresh]
    case .expire: [.hangUp(cause: "session-expired")]
    case nil: []
    }
  }
}

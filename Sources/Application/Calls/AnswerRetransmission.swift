import Primitives
import SIP

/// Repeats a 2xx to INVITE until its ACK comes: RFC 3261, section 13.3.1.4.
package struct AnswerRetransmission: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    case send(SIPResponse, ServerTransactionID)
    /// No ACK in 64 × T1: hang up.
    case giveUp
  }

  package let response: SIPResponse
  package let transaction: ServerTransactionID
  package let number: UInt32
  private var again: Instant
  private var interval = Duration.milliseconds(500)
  private let end: Instant

  package init(_ response: SIPResponse, in transaction: ServerTransactionID, number: UInt32, at now: Instant) {
    self.response = response
    self.transaction = transaction
    self.number = number
    self.again = now + .milliseconds(500)
    self.end = now + .seconds(32)
  }

  package var deadline: Instant { min(again, end) }

  package mutating func timeout(at now: Instant) -> Action? {
    if now >= end { return .giveUp }
    guard now >= again else { return nil }
    interval = min(interval * 2, .seconds(4))
    again = now + interval
    return .send(response, transaction)
  }
}

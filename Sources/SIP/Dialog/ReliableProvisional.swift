import Primitives

/// The called end's reliable provisional responses to one INVITE: RFC 3262, section 3.
///
/// One response is out at a time; it is sent again with doubling intervals until its PRACK comes, for 64 × T1 at most.
/// Further ones wait in line. Feed it time and PRACKs, then drain `nextAction()`.
package struct ReliableProvisional: Sendable {
  package enum Action: Hashable, Sendable {
    /// Send this response in the INVITE's transaction.
    case send(SIPResponse)
    /// No PRACK came: answer the INVITE with 504 (section 3: "SHOULD reject the original request with a 5xx").
    case giveUp
  }

  enum State: Hashable, Sendable {
    case idle
    case waiting(SIPResponse, number: UInt32, again: Instant, interval: Duration, end: Instant)
    case gaveUp
  }

  private(set) var state = State.idle
  private var nextNumber: UInt32
  private var line: [SIPResponse] = []
  private var actions: [Action] = []
  private let invite: CSeq
  private let timers: TransactionTimers
  /// Responses in line at once; what exceeds that is not sent.
  private static let lineLimit = 16

  /// `random` makes the first RSeq, which the RFC wants between 1 and 2^31 − 1.
  package init(invite: CSeq, random: inout RandomSource, timers: TransactionTimers = .init()) {
    self.invite = invite
    self.nextNumber = UInt32.random(in: 1...0x3FFF_FFFF, using: &random)
    self.timers = timers
  }

  /// True while a PRACK is missing: a 2xx with the answer to an offer of ours has to wait for it.
  package var isWaiting: Bool { if case .waiting = state { true } else { false } }

  package var deadline: Instant? {
    if case .waiting(_, _, let again, _, let end) = state { min(again, end) } else { nil }
  }

  package mutating func nextAction() -> Action? { actions.isEmpty ? nil : actions.removeFirst() }

  /// Sends a 101–199 reliably, now or when its predecessor is acknowledged.
  package mutating func send(_ response: SIPResponse, at now: Instant) {
    switch state {
    case .idle: start(response, at: now)
    case .waiting: if line.count < ReliableProvisional.lineLimit { line.append(response) }
    case .gaveUp: break
    }
  }

  /// A PRACK with this RAck came: true if it acknowledges what is out (answer 200), else answer 481.
  package mutating func acknowledge(number: UInt32, cSeq: CSeq, at now: Instant) -> Bool {
    guard case .waiting(_, let outstanding, _, _, _) = state, number == outstanding, cSeq == invite else {
      return false
    }
    state = .idle
    if !line.isEmpty { start(line.removeFirst(), at: now) }
    return true
  }

  package mutating func timeout(at now: Instant) {
    guard case .waiting(let response, let number, let again, let interval, let end) = state else { return }
    if now >= end {
      state = .gaveUp
      line = []
      actions.append(.giveUp)
    } else if now >= again {
      let next = interval * 2
      state = .waiting(response, number: number, again: now + next, interval: next, end: end)
      actions.append(.send(response))
    }
  }

  /// The INVITE has its final response: nothing is repeated any more.
  package mutating func stop() {
    state = .gaveUp
    line = []
  }

  private mutating func start(_ response: SIPResponse, at now: Instant) {
    var response = response
    if !response.headers.list("Require").contains("100rel") { response.headers.append("Require", "100rel") }
    response.headers.set("RSeq", String(nextNumber))
    state = .waiting(
      response, number: nextNumber, again: now + timers.t1, interval: timers.t1, end: now + timers.giveUp)
    nextNumber &+= 1
    actions.append(.send(response))
  }
}

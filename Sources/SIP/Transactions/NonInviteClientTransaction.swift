import Primitives

/// The client's side of one request that is neither INVITE nor ACK: RFC 3261, section 17.1.2.
///
/// ```
///             request, send
///   E: send ┌► Trying ── F ──► Terminated, failed
///           └───┘ │ 1xx, deliver
///                 ▼                     final, deliver
///   E: send ┌► Proceeding ── F ──►  ───────────────────► Completed ── K ──► Terminated
///           └─────┘                                       (absorbs repeated responses)
/// ```
struct NonInviteClientTransaction: Sendable {
  enum State: Sendable {
    case trying(again: Instant?, interval: Duration, giveUp: Instant)
    /// Timer E runs with T2.
    case proceeding(again: Instant?, giveUp: Instant)
    case completed(end: Instant)
    case terminated
  }

  private let bytes: [UInt8]
  private(set) var state: State
  let isReliable: Bool
  private let timers: TransactionTimers

  /// `request` carries its topmost Via already.
  init(_ request: SIPRequest, isReliable: Bool, timers: TransactionTimers, at now: Instant) {
    self.bytes = request.encoded()
    self.state = .trying(
      again: isReliable ? nil : now + timers.t1, interval: timers.t1, giveUp: now + timers.giveUp)
    self.isReliable = isReliable
    self.timers = timers
  }

  /// What to send first.
  var start: [TransactionOutput] { [.send(bytes)] }
  var isTerminated: Bool { if case .terminated = state { true } else { false } }

  var deadline: Instant? {
    switch state {
    case .trying(let again, _, let giveUp), .proceeding(let again, let giveUp): min(again ?? giveUp, giveUp)
    case .completed(let end): end
    case .terminated: nil
    }
  }

  mutating func receive(_ response: SIPResponse, at now: Instant) -> [TransactionOutput] {
    switch state {
    case .trying(let again, _, let giveUp), .proceeding(let again, let giveUp):
      if response.status < 200 {
        state = .proceeding(again: again, giveUp: giveUp)
      } else {
        state = isReliable ? .terminated : .completed(end: now + timers.t4)
      }
      return [.deliver(response)]
    case .completed, .terminated:
      return []
    }
  }

  mutating func transportFailed(reason: String) -> [TransactionOutput] {
    switch state {
    case .trying, .proceeding:
      state = .terminated
      return [.fail(.transport(reason: reason))]
    case .completed, .terminated:
      return []
    }
  }

  mutating func timeout(at now: Instant) -> [TransactionOutput] {
    switch state {
    case .trying(let again, let interval, let giveUp):
      if now >= giveUp { return giveUpNow() }
      if let again, now >= again {
        let next = min(interval * 2, timers.t2)
        state = .trying(again: now + next, interval: next, giveUp: giveUp)
        return [.sendAgain(bytes)]
      }
    case .proceeding(let again, let giveUp):
      if now >= giveUp { return giveUpNow() }
      if let again, now >= again {
        state = .proceeding(again: now + timers.t2, giveUp: giveUp)
        return [.sendAgain(bytes)]
      }
    case .completed(let end):
      if now >= end { state = .terminated }
    case .terminated: break
    }
    return []
  }

  private mutating func giveUpNow() -> [TransactionOutput] {
    state = .terminated
    return [.fail(.timeout)]
  }
}

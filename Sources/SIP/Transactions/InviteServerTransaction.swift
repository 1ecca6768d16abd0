import Primitives

/// The server's side of one INVITE: RFC 3261, section 17.2.1, with the Accepted state of RFC 6026, section 7.1.
///
/// ```
///            INVITE, deliver
///                 │            2xx, send
///   100, 1xx ┌► Proceeding ─────────────► Accepted ── L ──► Terminated
///     send   └────┘ │ 3xx–6xx, send       (2xx sent again, ACKs delivered)
///                   ▼           ACK
///     G: send ┌► Completed ─────────► Confirmed ── I ──► Terminated
///             └─────┘ └── H ──► Terminated
/// ```
struct InviteServerTransaction: Sendable {
  enum State: Sendable {
    /// No final response yet. `last` is the last provisional one, `trying` when we say 100 on our own.
    case proceeding(SIPRequest, last: [UInt8]?, trying: Instant?, giveUp: Instant)
    /// A 2xx was sent; its user repeats it. Ends with timer L.
    case accepted(end: Instant)
    /// A 3xx–6xx was sent; timer G repeats it (UDP only), timer H ends it.
    case completed(response: [UInt8], again: Instant?, interval: Duration, end: Instant)
    /// The ACK came; more of them are absorbed until timer I.
    case confirmed(end: Instant)
    case terminated(InviteServerEnding)
  }

  private(set) var state: State
  /// The To tag of the last response that had one; the answer to a CANCEL carries the same.
  private(set) var toTag: String?
  let isReliable: Bool
  private let timers: TransactionTimers

  init(_ request: SIPRequest, isReliable: Bool, timers: TransactionTimers, at now: Instant) {
    self.state = .proceeding(
      request, last: nil, trying: now + timers.trying, giveUp: now + timers.orphanInvite)
    self.toTag = request.headers.to?.tag
    self.isReliable = isReliable
    self.timers = timers
  }

  /// True until the first final response: then a CANCEL comes too late.
  var isProceeding: Bool { if case .proceeding = state { true } else { false } }
  var isTerminated: Bool { if case .terminated = state { true } else { false } }

  var deadline: Instant? {
    switch state {
    case .proceeding(_, _, let trying, let giveUp): min(trying ?? giveUp, giveUp)
    case .accepted(let end), .confirmed(let end): end
    case .completed(_, let again, _, let end): min(again ?? end, end)
    case .terminated: nil
    }
  }

  /// The INVITE came again.
  func receiveAgain() -> [TransactionOutput] {
    switch state {
    case .proceeding(_, let last, _, _): last.map { [.sendAgain($0)] } ?? []
    case .completed(let response, _, _, _): [.sendAgain(response)]
    case .accepted, .confirmed, .terminated: []
    }
  }

  /// An ACK with this INVITE's branch came; true if it was for a 3xx–6xx and is consumed.
  mutating func receiveACK(at now: Instant) -> Bool {
    switch state {
    case .completed:
      state = isReliable ? .terminated(.acknowledged) : .confirmed(end: now + timers.t4)
      return true
    case .confirmed: return true
    case .proceeding, .terminated: return true
    case .accepted: return false
    }
  }

  /// A response of the transaction user; nil if it comes too late.
  mutating func respond(_ response: SIPResponse, at now: Instant) -> [TransactionOutput]? {
    switch state {
    case .proceeding(let request, _, _, _):
      if let tag = response.headers.to?.tag { toTag = tag }
      let bytes = response.encoded()
      switch response.status {
      case ..<200:
        state = .proceeding(request, last: bytes, trying: nil, giveUp: now + timers.orphanInvite)
      case ..<300:
        state = .accepted(end: now + timers.giveUp)
      default:
        state = .completed(
          response: bytes, again: isReliable ? nil : now + timers.t1, interval: timers.t1, end: now + timers.giveUp)
      }
      return [.send(bytes)]
    case .accepted:
      return (200..<300).contains(response.status) ? [.send(response.encoded())] : nil
    case .completed, .confirmed, .terminated:
      return nil
    }
  }

  mutating func transportFailed() { state = .terminated(.transportFailed) }

  mutating func timeout(at now: Instant) -> [TransactionOutput] {
    switch state {
    case .proceeding(let request, let last, let trying, let giveUp):
      if now >= giveUp {
        state = .terminated(.unanswered)
      } else if let trying, now >= trying {
        let bytes = SIPResponse(status: 100, to: request, toTag: nil).encoded()
        state = .proceeding(request, last: last ?? bytes, trying: nil, giveUp: giveUp)
        return [.send(bytes)]
      }
    case .accepted(let end):
      if now >= end { state = .terminated(.acknowledged) }
    case .completed(let response, let again, let interval, let end):
      if now >= end {
        state = .terminated(.unacknowledged)
      } else if let again, now >= again {
        let next = min(interval * 2, timers.t2)
        state = .completed(response: response, again: now + next, interval: next, end: end)
        return [.sendAgain(response)]
      }
    case .confirmed(let end):
      if now >= end { state = .terminated(.acknowledged) }
    case .terminated: break
    }
    return []
  }
}

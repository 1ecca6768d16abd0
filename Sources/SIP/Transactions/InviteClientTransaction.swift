import Primitives

/// The client's side of one INVITE: RFC 3261, section 17.1.1, with the Accepted state of RFC 6026, section 7.2, and the
/// wait of section 9.1 before a CANCEL may go.
///
/// ```
///              INVITE, send
///   A: send ┌► Calling ── B ──► Terminated, failed
///           └───┘ │ 1xx, deliver
///                 ▼             2xx, deliver
///  1xx ┌► Proceeding ───────────────────────► Accepted ── M ──► Terminated
///      └─────┘ │ 3xx–6xx, deliver, ACK         (2xx delivered again)
///              ▼
///          Completed ── D ──► Terminated       (3xx–6xx: ACK again)
/// ```
struct InviteClientTransaction: Sendable {
  /// Whether the user wants the call no more.
  enum Cancellation: Hashable, Sendable {
    case notWanted
    /// Wanted, but no provisional response came yet.
    case waiting
    /// The CANCEL is out; without a final response the transaction ends at that time.
    case sent(giveUp: Instant)
  }

  enum State: Sendable {
    case calling(again: Instant?, interval: Duration, giveUp: Instant)
    case proceeding
    case completed(ack: [UInt8], end: Instant)
    case accepted(end: Instant)
    case terminated
  }

  let request: SIPRequest
  private let bytes: [UInt8]
  private(set) var state: State
  private(set) var cancellation = Cancellation.notWanted
  let isReliable: Bool
  private let timers: TransactionTimers

  /// `request` carries its topmost Via already.
  init(_ request: SIPRequest, isReliable: Bool, timers: TransactionTimers, at now: Instant) {
    self.request = request
    self.bytes = request.encoded()
    self.state = .calling(
      again: isReliable ? nil : now + timers.t1, interval: timers.t1, giveUp: now + timers.giveUp)
    self.isReliable = isReliable
    self.timers = timers
  }

  /// What to send first.
  var start: [TransactionOutput] { [.send(bytes)] }
  var isTerminated: Bool { if case .terminated = state { true } else { false } }

  var deadline: Instant? {
    switch state {
    case .calling(let again, _, let giveUp): min(again ?? giveUp, giveUp)
    case .proceeding:
      switch cancellation {
      case .notWanted, .waiting: nil
      case .sent(let giveUp): giveUp
      }
    case .completed(_, let end), .accepted(let end): end
    case .terminated: nil
    }
  }

  mutating func receive(_ response: SIPResponse, at now: Instant) -> [TransactionOutput] {
    switch state {
    case .calling, .proceeding:
      switch response.status {
      case ..<200:
        state = .proceeding
        if cancellation == .waiting { return [.deliver(response)] + sendCancel(at: now) }
        return [.deliver(response)]
      case ..<300:
        state = .accepted(end: now + timers.giveUp)
        return [.deliver(response)]
      default:
        let ack = acknowledgement(of: response).encoded()
        state = isReliable ? .terminated : .completed(ack: ack, end: now + timers.d)
        return [.send(ack), .deliver(response)]
      }
    case .completed(let ack, _):
      return response.status >= 300 ? [.sendAgain(ack)] : []
    case .accepted:
      return (200..<300).contains(response.status) ? [.deliver(response)] : []
    case .terminated:
      return []
    }
  }

  /// The user wants the call no more.
  mutating func cancel(at now: Instant) -> [TransactionOutput] {
    guard cancellation == .notWanted else { return [] }
    switch state {
    case .calling:
      cancellation = .waiting
      return []
    case .proceeding:
      return sendCancel(at: now)
    case .completed, .accepted, .terminated:
      return []
    }
  }

  mutating func transportFailed(reason: String) -> [TransactionOutput] {
    switch state {
    case .calling, .proceeding:
      state = .terminated
      return [.fail(.transport(reason: reason))]
    case .completed, .accepted, .terminated:
      // The final response is delivered; only an ACK of ours was lost.
      return []
    }
  }

  mutating func timeout(at now: Instant) -> [TransactionOutput] {
    switch state {
    case .calling(let again, let interval, let giveUp):
      if now >= giveUp {
        state = .terminated
        return [.fail(.timeout)]
      }
      if let again, now >= again {
        let next = interval * 2
        state = .calling(again: now + next, interval: next, giveUp: giveUp)
        return [.sendAgain(bytes)]
      }
    case .proceeding:
      if case .sent(let giveUp) = cancellation, now >= giveUp {
        state = .terminated
        return [.fail(.timeout)]
      }
    case .completed(_, let end), .accepted(let end):
      if now >= end { state = .terminated }
    case .terminated: break
    }
    return []
  }

  private mutating func sendCancel(at now: Instant) -> [TransactionOutput] {
    cancellation = .sent(giveUp: now + timers.giveUp)
    return [.sendCancel]
  }

  /// The ACK of a 3xx–6xx: RFC 3261, section 17.1.1.3.
  private func acknowledgement(of response: SIPResponse) -> SIPRequest {
    var ack = request.sibling(method: .ack)
    if let to = response.headers["To"] { ack.headers.set("To", to) }
    return ack
  }
}

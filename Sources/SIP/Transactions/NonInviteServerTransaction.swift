import Primitives

/// The server's side of one request that is neither INVITE nor ACK: RFC 3261, section 17.2.2.
///
/// ```
///   request, deliver        1xx, send            final, send
///        └──► Trying ───────────► Proceeding ────────────► Completed ── J ──► Terminated
///                └──────────────── final, send ──────────────►┘ (request again: send)
/// ```
struct NonInviteServerTransaction: Sendable {
  enum State: Sendable {
    case trying(giveUp: Instant)
    case proceeding(last: [UInt8], giveUp: Instant)
    /// The final response went; over UDP it answers retransmissions until timer J.
    case completed(response: [UInt8], end: Instant)
    /// `answered` is false if the user never gave a final response or the transport failed.
    case terminated(answered: Bool)
  }

  private(set) var state: State
  let isReliable: Bool
  private let timers: TransactionTimers

  init(isReliable: Bool, timers: TransactionTimers, at now: Instant) {
    self.state = .trying(giveUp: now + timers.orphanNonInvite)
    self.isReliable = isReliable
    self.timers = timers
  }

  var isTerminated: Bool { if case .terminated = state { true } else { false } }

  var deadline: Instant? {
    switch state {
    case .trying(let giveUp), .proceeding(_, let giveUp): giveUp
    case .completed(_, let end): end
    case .terminated: nil
    }
  }

  /// The request came again.
  func receiveAgain() -> [TransactionOutput] {
    switch state {
    case .trying, .terminated: []
    case .proceeding(let last, _): [.sendAgain(last)]
    case .completed(let response, _): [.sendAgain(response)]
    }
  }

  /// A response of the transaction user; nil if it comes too late.
  mutating func respond(_ response: SIPResponse, at now: Instant) -> [TransactionOutput]? {
    switch state {
    case .trying(let giveUp), .proceeding(_, let giveUp):
      let bytes = response.encoded()
      if response.status < 200 {
        state = .proceeding(last: bytes, giveUp: giveUp)
      } else {
        state = isReliable ? .terminated(answered: true) : .completed(response: bytes, end: now + timers.giveUp)
      }
      return [.send(bytes)]
    case .completed, .terminated:
      return nil
    }
  }

  mutating func transportFailed() { state = .terminated(answered: false) }

  mutating func timeout(at now: Instant) {
    switch state {
    case .trying(let giveUp), .proceeding(_, let giveUp):
      if now >= giveUp { state = .terminated(answered: false) }
    case .completed(_, let end):
      if now >= end { state = .terminated(answered: true) }
    case .terminated: break
    }
  }
}

import Primitives

/// Keeps one session alive, or notices that it is dead: RFC 4028.
///
/// The refresher sends a re-INVITE or UPDATE at half of the interval; both ends hang up min(32 s, interval ÷ 3) before it
/// runs out. Every negotiation makes a new agreement: `refreshed`.
package struct SessionTimer: Hashable, Sendable {
  package enum Action: Hashable, Sendable {
    /// Send a refresh now; `refreshed` when its 2xx is there.
    case refresh
    /// The session is over: send BYE.
    case expire
  }

  enum State: Hashable, Sendable {
    case off
    /// We refresh.
    case refreshing(at: Instant, end: Instant)
    /// The peer refreshes, or our refresh is under way.
    case watching(end: Instant)
    case expired
  }

  private(set) var state = State.off

  package init() {}

  package var deadline: Instant? {
    switch state {
    case .off, .expired: nil
    case .refreshing(let at, _): at
    case .watching(let end): end
    }
  }

  /// A negotiation ended with a 2xx. Without an agreement the session has no timer. `isUAC`: we sent that request.
  package mutating func refreshed(_ agreement: SessionTimerAgreement?, isUAC: Bool, at now: Instant) {
    guard let agreement else {
      state = .off
      return
    }
    let seconds = Int64(agreement.interval)
    let end = now + .seconds(seconds - min(32, seconds / 3))
    if (agreement.refresher == .uac) == isUAC {
      state = .refreshing(at: now + .seconds(seconds / 2), end: end)
    } else {
      state = .watching(end: end)
    }
  }

  /// What is due; nil if it was too early.
  package mutating func timeout(at now: Instant) -> Action? {
    switch state {
    case .off, .expired: return nil
    case .refreshing(let at, let end):
      guard now >= at else { return nil }
      if now >= end {
        state = .expired
        return .expire
      }
      state = .watching(end: end)
      return .refresh
    case .watching(let end):
      guard now >= end else { return nil }
      state = .expired
      return .expire
    }
  }
}

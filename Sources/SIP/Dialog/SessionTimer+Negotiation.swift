/// How both ends come to their agreement.
extension SessionTimer {
  /// What the called end says to an INVITE or UPDATE: RFC 4028, section 9.
  package enum Answer: Hashable, Sendable {
    /// Answer 422 with this Min-SE.
    case tooSmall(minSE: UInt32)
    /// Put `agreement.sessionExpires` into the 2xx, and `Require: timer` if so said.
    case agreed(SessionTimerAgreement, requireTimer: Bool)
    /// No timer.
    case none
  }

  package static func answer(to request: SIPRequest, policy: SessionTimerPolicy) -> Answer {
    let isSupported = lists("timer", in: request.headers, "Supported") || lists("timer", in: request.headers, "Require")
    let asked = request.headers.sessionExpires
    let callersMinimum = request.headers.minSE ?? 90
    guard let asked else {
      guard let wanted = policy.interval else { return .none }
      // Nobody but us would refresh if the caller does not know timers.
      return agreed(max(wanted, callersMinimum), refresher: .uas, isSupported: isSupported)
    }
    if asked.seconds < policy.minimum {
      // A caller that does not know timers would not understand 422; a proxy put the field in, and we may raise it.
      if isSupported { return .tooSmall(minSE: policy.minimum) }
      return agreed(max(policy.minimum, callersMinimum), refresher: .uas, isSupported: false)
    }
    let shorter = min(asked.seconds, policy.interval ?? asked.seconds)
    let refresher = isSupported ? asked.refresher ?? .uas : .uas
    return agreed(max(shorter, callersMinimum), refresher: refresher, isSupported: isSupported)
  }

  /// Puts what the calling end asks for into an INVITE or UPDATE (section 7.1): who refreshed so far goes on.
  /// `minimum` is the Min-SE of a 422 that came before.
  package func ask(_ policy: SessionTimerPolicy, minimum: UInt32? = nil, in headers: inout SIPHeaders) {
    if !SessionTimer.lists("timer", in: headers, "Supported") { headers.append("Supported", "timer") }
    let least = max(policy.minimum, minimum ?? 0)
    if least > 90 { headers.set("Min-SE", String(least)) }
    guard let interval = policy.interval ?? minimum else { return }
    let value = String(max(interval, least))
    switch state {
    case .off, .expired: headers.set("Session-Expires", value)
    case .refreshing: headers.set("Session-Expires", value + ";refresher=uac")
    case .watching: headers.set("Session-Expires", value)
    }
  }

  /// What a 2xx to a request of ours agreed on; nil: no timer.
  package static func agreement(from response: SIPResponse) -> SessionTimerAgreement? {
    guard let granted = response.headers.sessionExpires else { return nil }
    // Section 7.2: a 2xx names the refresher; without one it is on us to keep the session.
    return SessionTimerAgreement(interval: max(90, granted.seconds), refresher: granted.refresher ?? .uac)
  }

  /// The Min-SE of a 422: ask again with it (section 7.3). Nil if the peer asks for the absurd.
  package static func minimum(from response: SIPResponse) -> UInt32? {
    guard response.status == 422, let minimum = response.headers.minSE,
      minimum <= 86_400
    else { return nil }
    return minimum
  }

  private static func agreed(
    _ interval: UInt32, refresher: SessionExpires.Refresher, isSupported: Bool
  ) -> Answer {
    // Section 9, table 2: who must refresh has to know timers.
    .agreed(
      SessionTimerAgreement(interval: interval, refresher: refresher), requireTimer: isSupported && refresher == .uac)
  }

  private static func lists(_ option: String, in headers: SIPHeaders, _ name: String) -> Bool {
    headers.list(name).contains { $0.lowercased() == option }
  }
}

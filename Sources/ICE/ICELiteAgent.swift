import Primitives

/// The server's side of ICE for one leg: a lite agent (RFC 8445, section 2.5) with one component (rtcp-mux) and one host
/// candidate for each transport.
///
/// It sends no checks. It answers those of the peer, learns from them where the peer is and which pair it has nominated,
/// and judges by them whether the peer still wants our packets (consent, RFC 7675). It is always controlled; a peer that
/// is lite too would send no checks either, so Application refuses `a=ice-lite` from a peer.
///
/// Requests that the peer's credentials do not protect get no answer at all, where RFC 8489, section 9.1.3, would say 400
/// or 401: an answer would tell strangers which ufrags live and would send packets to forged addresses; and a peer whose
/// check overtakes its own description just asks again. A protected one gets one answer, of at most 112 octets.
///
/// ```
///              nomination                    no check for 30 s, connection closed
///   checking ─────────────► connected(pair) ─────────────────────────────────────► failed
///      │    ▲                  │  ▲ another                                          │ │
///      │    └ restart          └──┘ nomination          nomination of another pair ──┘ │
///      └──────────────── 30 s ─────────────────────────────────────────────────────────┘
/// ```
package struct ICELiteAgent: Sendable, Codable {
  package enum State: Hashable, Sendable, Codable {
    /// Nothing is nominated; nil until the peer's credentials are known.
    case checking(giveUp: Instant?)
    case connected(CandidatePair, consentUntil: Instant)
    /// Nothing may be sent.
    case failed(ICEFailure)
  }

  /// RFC 7675, section 5.1.
  package static let consentLifetime: Int64 = 30_000
  /// Milliseconds from the peer's credentials, or a restart, to the first nomination.
  package static let nominationTimeout: Int64 = 30_000
  /// Milliseconds in which a lesser pair does not displace the selected one: a peer with aggressive nomination (RFC
  /// 5245, section 8.1.1.2) nominates all its pairs at once and means the best; a later nomination is a change of mind.
  package static let nominationWindow: Int64 = 1_000
  /// Milliseconds without a check on the selected pair, after which another nominated pair that is still checked takes its
  /// place: heals what a late repetition of an old nomination has mistaken.
  package static let silenceLimit: Int64 = 10_000
  /// Remote candidates that are kept.
  package static let maximumRemoteCandidates = 32
  /// Types in UNKNOWN-ATTRIBUTES at most, so that no answer is longer than its request and a little.
  static let maximumUnknownAttributes = 8

  package internal(set) var state: State
  package internal(set) var counters = ICECounters()
  /// What the peer said about where it is; a lite agent only logs them.
  package private(set) var remoteCandidates: [ICECandidate] = []
  package private(set) var hasAllRemoteCandidates = false
  var current: ICEGeneration
  /// During a restart: the credentials and pairs from before it, valid until the new ones have a nominated pair.
  var previous: ICEGeneration?
  var budget = CheckBudget()

  /// - Parameter remote: nil if ours is the offer; `setRemote` brings them with the answer.
  package init(local: ICECredentials, remote: ICECredentials?, at now: Instant) {
    current = ICEGeneration(local: local, remote: remote)
    state = .checking(giveUp: remote == nil ? nil : now.advanced(byMilliseconds: Self.nominationTimeout))
  }

  /// What our description says.
  package var localCredentials: ICECredentials { current.local }
  package var isRestarting: Bool { previous != nil }
  /// The ufrags by which checks find this agent; the owner keeps its table by these and by `ICEAction.retired`.
  package var ufrags: [UfragKey] { [current.local.key, previous?.local.key].compactMap { $0 } }

  /// Where media goes; nil while nothing may be sent.
  package var selectedPair: CandidatePair? {
    if case .connected(let pair, _) = state { pair } else { nil }
  }

  /// Whether the peer has proved itself from there within the life of a consent: DTLS is taken from such pairs only.
  package func isValid(_ pair: CandidatePair, at now: Instant) -> Bool {
    [current[pair], previous?[pair]].contains { valid in
      valid.map { !$0.isBarred && now < consentEnd(from: $0.lastCheck) } ?? false
    }
  }

  package var deadline: Instant? {
    switch state {
    case .checking(let giveUp): giveUp
    case .connected(_, let consentUntil): consentUntil
    case .failed: nil
    }
  }

  package mutating func timeout(at now: Instant) -> [ICEAction] {
    guard let deadline, now >= deadline else { return [] }
    switch state {
    case .checking: return fail(.noNomination)
    case .connected(let pair, _):
      current.bar(pair)
      previous?.bar(pair)
      return fail(.consentExpired(pair))
    case .failed: return []
    }
  }

  private mutating func fail(_ failure: ICEFailure) -> [ICEAction] {
    state = .failed(failure)
    return [.stopped(failure)]
  }

  /// The answer to our offer brought the peer's credentials. Ignored if they are known.
  package mutating func setRemote(_ remote: ICECredentials, at now: Instant) {
    guard current.remote == nil else { return }
    current.remote = remote
    if case .checking(nil) = state { awaitNomination(from: now) }
  }

  /// Begins an ICE restart (RFC 8445, section 9): media goes on over the old pair, and checks with the old credentials
  /// are answered, until a pair is nominated with the new ones.
  package mutating func restart(
    local: ICECredentials, remote: ICECredentials?, at now: Instant
  ) -> [ICEAction] {
    var actions: [ICEAction] = []
    if previous == nil {
      previous = current
    } else if let key = current.local.key {
      actions.append(.retired(key))
    }
    current = ICEGeneration(local: local, remote: remote)
    remoteCandidates = []
    hasAllRemoteCandidates = false
    switch state {
    case .checking, .failed: awaitNomination(from: now)
    case .connected: break
    }
    return actions
  }

  /// The description that would have restarted ICE was refused: back to the credentials from before.
  package mutating func abandonRestart() -> [ICEAction] {
    guard let old = previous else { return [] }
    let key = current.local.key
    current = old
    previous = nil
    return key.map { [.retired($0)] } ?? []
  }

  private mutating func awaitNomination(from now: Instant) {
    state = .checking(giveUp: now.advanced(byMilliseconds: Self.nominationTimeout))
  }

  /// Takes a candidate of the peer, in its description or trickled (RFC 8838); false beyond the cap.
  @discardableResult package mutating func addRemote(_ candidate: ICECandidate) -> Bool {
    guard remoteCandidates.count < Self.maximumRemoteCandidates else {
      counters.refusedCandidates &+= 1
      return false
    }
    remoteCandidates.append(candidate)
    return true
  }

  /// `a=end-of-candidates`.
  package mutating func endRemoteCandidates() { hasAllRemoteCandidates = true }

  /// A TCP connection ended. If media went over it, the peer may come again by another; it has as long as for the first.
  package mutating func connectionClosed(_ remote: TransportAddress, at now: Instant) -> [ICEAction] {
    let pair = CandidatePair(remote, over: .tcp)
    current.remove(pair)
    previous?.remove(pair)
    guard selectedPair == pair else { return [] }
    awaitNomination(from: now)
    return [.stopped(.connectionClosed(pair))]
  }

  func consentEnd(from now: Instant) -> Instant { now.advanced(byMilliseconds: Self.consentLifetime) }
}

import Primitives

/// The other side of ICE, as a browser has it: a full agent that controls (RFC 8445, sections 6.1.4, 7.2 and 8.1), with one
/// base, one component (rtcp-mux), and UDP alone. Load tests call with it.
///
/// It checks the peer's candidates, best first, nominates the first one that answers by another check, and asks on that pair
/// from then on whether the peer still wants our packets (consent, RFC 7675). A peer that is full as well gets answers.
///
/// ```
///              nomination answered               no answer for 30 s
///   checking ─────────────────────► connected ─────────────────────► failed
///      └───────────────────── 30 s ─────────────────────────────────────┘
/// ```
/// After every call `nextDatagram` is to be asked until it has none.
package struct ICEControllingAgent: Sendable {
  package enum State: Hashable, Sendable {
    case checking(giveUp: Instant)
    case connected(TransportAddress, consentUntil: Instant)
    case failed(ICEFailure)
  }

  /// What a check asks for.
  private enum Purpose { case way, nomination, consent }

  private struct Check {
    var remote: TransportAddress
    var purpose: Purpose
    var transaction: STUNTransactionID
    var octets: [UInt8]
    var again: Instant
    var interval: Int64
    var repetitionsLeft: Int
  }

  /// Candidates of the peer that are checked at most.
  package static let maximumCandidates = 8
  /// Milliseconds between the first checks of two candidates: RFC 8445, section 14.2.
  static let pacing: Int64 = 50
  /// Milliseconds until a check is repeated; doubled each time (RFC 8489, section 6.2.1).
  static let repetition: Int64 = 500
  static let maximumRepetitions = 6
  /// Milliseconds between two consent checks: RFC 7675, section 5.1.
  static let consentIntervals: ClosedRange<Int64> = 4_000...6_000

  package private(set) var state: State
  /// When `timeout` is to be called.
  package private(set) var deadline: Instant
  private let local: ICECredentials
  private let remote: ICECredentials
  private var unchecked: [TransportAddress]
  private var pending: [Check] = []
  private var outgoing: [(TransportAddress, [UInt8])] = []
  private var nextCheck: Instant
  private var nextConsent = Instant.distantFuture
  private var isNominating = false
  private let tieBreaker: UInt64
  private var random: RandomSource

  /// - Parameter candidates: where the peer may be reached, best first.
  package init(
    local: ICECredentials, remote: ICECredentials, candidates: [TransportAddress], random: RandomSource, at now: Instant
  ) {
    var random = random
    self.local = local
    self.remote = remote
    unchecked = candidates.prefix(Self.maximumCandidates).reversed()
    tieBreaker = random.next()
    self.random = random
    state = .checking(giveUp: now.advanced(byMilliseconds: ICELiteAgent.nominationTimeout))
    nextCheck = now
    deadline = now
  }

  /// Where media goes; nil while nothing may be sent.
  package var selected: TransportAddress? {
    if case .connected(let remote, _) = state { remote } else { nil }
  }

  /// What is to be sent next, and to where.
  package mutating func nextDatagram() -> (to: TransportAddress, octets: [UInt8])? {
    outgoing.isEmpty ? nil : outgoing.removeFirst()
  }

  package mutating func timeout(at now: Instant) {
    guard now >= deadline else { return }
    switch state {
    case .checking(let giveUp) where now >= giveUp: return fail(.noNomination)
    case .connected(let remote, let end) where now >= end: return fail(.consentExpired(CandidatePair(remote)))
    case .checking, .connected: break
    case .failed: return schedule()
    }
    `repeat`(at: now)
    if now >= nextCheck, let next = unchecked.popLast() {
      check(next, for: .way, at: now)
      nextCheck = now.advanced(byMilliseconds: Self.pacing)
    }
    if now >= nextConsent, let selected { check(selected, for: .consent, at: now) }
    schedule()
  }

  /// Takes a datagram that is STUN by its first octet; what is none, or not authentic, changes nothing.
  package mutating func receive(_ datagram: Span<UInt8>, from source: TransportAddress, at now: Instant) {
    guard let message = try? STUNMessage.parse(datagram), message.method == STUNMessage.binding else { return }
    switch message.kind {
    case .request: answer(message, datagram, from: source)
    case .success, .failure:
      guard message.isAuthentic(datagram, key: Array(remote.password.utf8)),
        let index = pending.firstIndex(where: { $0.transaction == message.transaction && $0.remote == source })
      else { return }
      let check = pending.remove(at: index)
      if message.kind == .success, message.mappedAddress != nil { succeed(check, at: now) } else { refuse(check) }
    case .indication: break
    }
    schedule()
  }

  private mutating func succeed(_ check: Check, at now: Instant) {
    switch check.purpose {
    case .way:
      guard case .checking = state, !isNominating else { return }
      isNominating = true
      // The best that answers is good enough: the others need no check any more.
      unchecked = []
      pending = []
      self.check(check.remote, for: .nomination, at: now)
    case .nomination, .consent:
      state = .connected(check.remote, consentUntil: now.advanced(byMilliseconds: ICELiteAgent.consentLifetime))
      if check.purpose == .nomination { askAgain(after: now) }
    }
  }

  /// An error response: that way is none. Nobody else tells a controlling agent of a role conflict than a peer that controls
  /// too, and that one is to change.
  private mutating func refuse(_ check: Check) {
    if check.purpose == .nomination { isNominating = false }
  }

  private mutating func answer(_ message: STUNMessage, _ datagram: Span<UInt8>, from source: TransportAddress) {
    guard message.isAddressed(datagram, local: local.ufrag, remote: remote.ufrag),
      message.isAuthentic(datagram, key: Array(local.password.utf8))
    else { return }
    var writer = STUNWriter(.success, transaction: message.transaction)
    writer.addXORMappedAddress(source)
    send(&writer, key: local.password, to: source)
  }

  private mutating func check(_ remote: TransportAddress, for purpose: Purpose, at now: Instant) {
    let transaction = STUNTransactionID(random: &random)
    var writer = STUNWriter(.request, transaction: transaction)
    writer.add(.username, "\(self.remote.ufrag):\(local.ufrag)")
    writer.addPriority(ICECandidate.priority(.peerReflexive))
    writer.add(ICERole.controlling(tieBreaker: tieBreaker))
    if purpose == .nomination { writer.addUseCandidate() }
    send(&writer, key: self.remote.password, to: remote)
    if purpose == .consent {
      askAgain(after: now)
      // One at a time is waited for: a check for consent is not repeated, the next one is another.
      pending.removeAll { $0.purpose == .consent }
    }
    pending.append(
      Check(
        remote: remote, purpose: purpose, transaction: transaction, octets: writer.bytes,
        again: now.advanced(byMilliseconds: Self.repetition), interval: Self.repetition,
        repetitionsLeft: purpose == .consent ? 0 : Self.maximumRepetitions))
  }

  private mutating func send(_ writer: inout STUNWriter, key: String, to remote: TransportAddress) {
    writer.seal(key: Array(key.utf8))
    writer.finish()
    outgoing.append((remote, writer.bytes))
  }

  private mutating func `repeat`(at now: Instant) {
    for index in pending.indices where pending[index].repetitionsLeft > 0 && now >= pending[index].again {
      pending[index].repetitionsLeft -= 1
      pending[index].interval &*= 2
      pending[index].again = now.advanced(byMilliseconds: pending[index].interval)
      outgoing.append((pending[index].remote, pending[index].octets))
    }
  }

  private mutating func askAgain(after now: Instant) {
    nextConsent = now.advanced(byMilliseconds: Int64.random(in: Self.consentIntervals, using: &random))
  }

  private mutating func fail(_ failure: ICEFailure) {
    state = .failed(failure)
    pending = []
    unchecked = []
    schedule()
  }

  private mutating func schedule() {
    switch state {
    case .checking(let giveUp): deadline = giveUp
    case .connected(_, let end): deadline = min(end, nextConsent)
    case .failed:
      deadline = .distantFuture
      return
    }
    if !unchecked.isEmpty { deadline = min(deadline, nextCheck) }
    for check in pending where check.repetitionsLeft > 0 { deadline = min(deadline, check.again) }
  }
}

import Primitives
import TestSupport

@testable import ICE

/// A small full agent as a browser has it: paced and repeated checks from each of its addresses, one of two ways to
/// nominate, consent checks on the pair that it has chosen. RFC 8445, sections 6.1.4, 7.2 and 8.1.1.
struct FullAgent {
  enum Nomination {
    /// Checks all pairs, waits a little, nominates the best valid one by another check.
    case regular
    /// Every check nominates; the best valid pair is meant (RFC 5245, section 8.1.1.2).
    case aggressive
  }

  struct Base {
    var address: TransportAddress
    var priority: UInt32
    var isValid = false
    var isNominated = false
  }

  private struct Check {
    var base: Int
    var nominates: Bool
    var datagram: [UInt8]
    var transaction: STUNTransactionID
    var again: Instant
    var interval: Int64
    var left: Int
  }

  var bases: [Base]
  let local: ICECredentials
  let remote: ICECredentials
  let nomination: Nomination
  /// Starts out in the wrong role; 487 puts it right.
  var isControlling = true
  /// Whether it still wants media.
  var consents = true
  /// The pair that it uses, by its base.
  private(set) var chosen: Int?
  private(set) var roleConflicts = 0
  private(set) var mappedAddresses: Set<TransportAddress> = []
  private var pending: [Check] = []
  private var unchecked: [Int]
  private var nextCheck: Instant
  private var nextConsent: Instant?
  private var settled: Instant?
  private var random: RandomSource

  init(
    _ addresses: [TransportAddress], local: ICECredentials, remote: ICECredentials, nomination: Nomination,
    seed: UInt64, at now: Instant
  ) {
    // The first is the best.
    bases = addresses.enumerated().map { index, address in
      Base(address: address, priority: 110 << 24 | (65_535 - UInt32(index)) << 8 | 255)
    }
    self.local = local
    self.remote = remote
    self.nomination = nomination
    // The best last, so that order alone does not make it win.
    unchecked = Array(bases.indices.reversed())
    nextCheck = now
    random = .seeded(seed)
  }

  private mutating func check(_ base: Int, nominates: Bool, at now: Instant) -> (TransportAddress, [UInt8]) {
    let transaction = STUNTransactionID(random: &random)
    var writer = STUNWriter(.request, transaction: transaction)
    writer.add(.username, "\(remote.ufrag):\(local.ufrag)")
    writer.addPriority(bases[base].priority)
    writer.add(isControlling ? ICERole.controlling(tieBreaker: 1) : .controlled(tieBreaker: 1))
    if nominates { writer.addUseCandidate() }
    writer.seal(key: Array(remote.password.utf8))
    writer.finish()
    pending.append(
      Check(
        base: base, nominates: nominates, datagram: writer.bytes, transaction: transaction,
        again: now.advanced(byMilliseconds: 500), interval: 500, left: 6))
    return (bases[base].address, writer.bytes)
  }

  /// What it sends at this moment: from where, and what.
  mutating func run(at now: Instant) -> [(TransportAddress, [UInt8])] {
    var sent: [(TransportAddress, [UInt8])] = []
    for index in pending.indices where now >= pending[index].again && pending[index].left > 0 {
      pending[index].left -= 1
      pending[index].interval *= 2
      pending[index].again = now.advanced(byMilliseconds: pending[index].interval)
      sent.append((bases[pending[index].base].address, pending[index].datagram))
    }
    pending.removeAll { $0.left == 0 }
    if now >= nextCheck, let base = unchecked.popLast() {
      sent.append(check(base, nominates: nomination == .aggressive && isControlling, at: now))
      nextCheck = now.advanced(byMilliseconds: 50)
    }
    if nomination == .regular, let settledAt = settled, now >= settledAt, let best = bestValid {
      settled = nil
      sent.append(check(best, nominates: true, at: now))
    }
    if consents, let chosen, let due = nextConsent, now >= due {
      nextConsent = now.advanced(byMilliseconds: Int64(random.inside(4_000...6_000)))
      sent.append(check(chosen, nominates: false, at: now))
    }
    return sent
  }

  private var bestValid: Int? { bases.indices.first { bases[$0].isValid } }

  mutating func receive(_ datagram: [UInt8], at now: Instant) {
    guard let message = try? STUNMessage.parse(datagram),
      message.isAuthentic(datagram, key: Array(remote.password.utf8)), message.hasFingerprint,
      let index = pending.firstIndex(where: { $0.transaction == message.transaction })
    else { return }
    let check = pending.remove(at: index)
    if message.errorCode == 487 {
      roleConflicts += 1
      isControlling = true
      unchecked.append(check.base)
      return
    }
    guard message.kind == .success, let mapped = message.mappedAddress else { return }
    mappedAddresses.insert(mapped)
    bases[check.base].isValid = true
    if settled == nil, chosen == nil { settled = now.advanced(byMilliseconds: 200) }
    guard check.nominates else { return }
    bases[check.base].isNominated = true
    chosen = bases.indices.first { bases[$0].isNominated }
    if nextConsent == nil { nextConsent = now.advanced(byMilliseconds: 5_000) }
  }
}

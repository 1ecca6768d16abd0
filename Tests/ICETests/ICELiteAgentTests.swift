import Primitives
import TestSupport
import Testing

@testable import ICE

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The lite agent, one datagram at a time.
@Suite struct ICELiteAgentTests {
  static let here = CandidatePair(ICEBench.first)
  static let there = CandidatePair(ICEBench.second)

  let ours: ICECredentials
  let theirs: ICECredentials
  var agent: ICELiteAgent
  var now = Instant.zero
  private var random = RandomSource.seeded(8_445)

  init() {
    var random = RandomSource.seeded(1)
    ours = ICECredentials(random: &random)
    theirs = ICECredentials(random: &random)
    agent = ICELiteAgent(local: ours, remote: theirs, at: .zero)
  }

  /// A check that the agent takes, unless changed.
  mutating func check(
    nominates: Bool = true, priority: UInt32 = 1_000, username: String? = nil, password: String? = nil,
    integrity: STUNIntegrity = .sha1, role: ICERole = .controlling(tieBreaker: 1), unknown: [UInt16] = []
  ) -> [UInt8] {
    var writer = STUNWriter(.request, transaction: STUNTransactionID(random: &random))
    writer.add(.username, username ?? "\(ours.ufrag):\(theirs.ufrag)")
    writer.addPriority(priority)
    writer.add(role)
    if nominates { writer.addUseCandidate() }
    var bytes = writer.bytes
    for type in unknown { bytes += [UInt8(type >> 8), UInt8(truncatingIfNeeded: type), 0, 0] }
    let key = Array((password ?? ours.password).utf8)
    bytes[3] = UInt8(bytes.count + 4 + integrity.count - 20)
    let hash = integrity.hash(bytes, key: key)
    bytes += [0, UInt8(integrity.attribute.rawValue), 0, UInt8(hash.count)] + hash
    return bytes
  }

  mutating func receive(_ datagram: [UInt8], on pair: CandidatePair = here) -> [ICEAction] {
    agent.receive(datagram.span, from: pair.remote, over: pair.transport, at: now)
  }

  /// The answer among the actions, as a message that our password protects.
  func answer(_ actions: [ICEAction], sourceLocation: SourceLocation = #_sourceLocation) throws -> STUNMessage {
    var found: STUNMessage?
    for case .send(let octets, _) in actions {
      let message = try STUNMessage.parse(octets)
      #expect(message.isAuthentic(octets, key: Array(ours.password.utf8)), sourceLocation: sourceLocation)
      #expect(message.hasFingerprint, sourceLocation: sourceLocation)
      #expect(octets.count <= 112, sourceLocation: sourceLocation)
      found = message
    }
    return try #require(found, sourceLocation: sourceLocation)
  }

  func others(_ actions: [ICEAction]) -> [ICEAction] {
    actions.filter { if case .send = $0 { false } else { true } }
  }

  mutating func wait(milliseconds: Int64) { now = now.advanced(byMilliseconds: milliseconds) }

  @Test(arguments: [STUNIntegrity.sha1, .sha256])
  mutating func aValidCheckIsAnsweredTheWayItIsProtected(integrity: STUNIntegrity) throws {
    let actions = receive(check(nominates: false, integrity: integrity))
    let answer = try answer(actions)
    #expect(answer.kind == .success)
    #expect(answer.mappedAddress == Self.here.remote)
    #expect(answer.protection == integrity)
    #expect(others(actions).isEmpty)
    #expect(agent.isValid(Self.here, at: now))
    #expect(agent.selectedPair == nil)
  }

  @Test mutating func whatTheCredentialsDoNotProtectGetsNoAnswer() {
    var naked = STUNWriter(.request, transaction: STUNTransactionID(upper: 1, lower: 1))
    naked.add(.username, "\(ours.ufrag):\(theirs.ufrag)")
    naked.addUseCandidate()
    naked.finish()
    let forged = [
      naked.bytes, STUNWriter(.request, transaction: STUNTransactionID(upper: 1, lower: 1)).bytes,
      check(password: theirs.password), check(username: "\(theirs.ufrag):\(ours.ufrag)"), check(username: ours.ufrag),
      check(username: "\(ours.ufrag):"), check(username: "\(ours.ufrag):\(theirs.ufrag)x"),
      check(username: "\(ours.ufrag):else"), check(username: ""),
    ]
    for datagram in forged { #expect(receive(datagram) == []) }
    #expect(agent.counters.unauthenticated == UInt64(forged.count))
    #expect(!agent.isValid(Self.here, at: now))
  }

  @Test mutating func forgedChecksNeverMoveAPath() {
    #expect(others(receive(check())) == [.selected(Self.here)])
    for round in 0..<1_000 {
      let datagram = check(priority: .max, password: "0123456789012345678901")
      #expect(receive(datagram, on: round % 2 == 0 ? Self.here : Self.there) == [])
    }
    #expect(agent.selectedPair == Self.here)
    #expect(agent.deadline == now.advanced(byMilliseconds: ICELiteAgent.consentLifetime))
  }

  /// From strangers only so many are looked at; who has proved itself is heard in the middle of it.
  @Test mutating func aFloodFromStrangersStarvesNobody() throws {
    _ = receive(check())
    let forged = check(password: "0123456789012345678901")
    for _ in 0..<5_000 { #expect(receive(forged, on: Self.there) == []) }
    #expect(agent.counters.flooded == 4_901)
    #expect(try answer(receive(check())).kind == .success)
    #expect(receive(check(), on: Self.there) == [])
    wait(milliseconds: 40)
    #expect(others(receive(check(), on: Self.there)) == [.selected(Self.there)])
  }

  @Test mutating func indicationsResponsesAndOtherMethodsAreIgnored() {
    for kind in [STUNMessage.Kind.indication, .success, .failure] {
      var writer = STUNWriter(kind, transaction: STUNTransactionID(upper: 1, lower: 1))
      writer.seal(key: Array(ours.password.utf8))
      #expect(receive(writer.bytes) == [])
    }
    #expect(receive(STUNWriter(.request, method: 3, transaction: STUNTransactionID(upper: 1, lower: 1)).bytes) == [])
    #expect(agent.counters.ignored == 4)
  }

  @Test mutating func attributesThatMustBeUnderstoodAreRefused() throws {
    let actions = receive(check(unknown: (0..<20).map { 0x70 + $0 }))
    #expect(try answer(actions).errorCode == 420)
    #expect(others(actions).isEmpty)
    #expect(agent.selectedPair == nil)
    // Those that need not be, such as a browser's network cost, are passed over.
    #expect(try answer(receive(check(unknown: [0xC057, 0xC001]))).kind == .success)
  }

  @Test mutating func aControlledPeerIsToldToControl() throws {
    let actions = receive(check(role: .controlled(tieBreaker: 0)))
    #expect(try answer(actions).errorCode == 487)
    #expect(others(actions).isEmpty)
    #expect(!agent.isValid(Self.here, at: now))
  }

  @Test mutating func aBetterPairDisplacesAtOnceALesserOneWithTime() {
    #expect(others(receive(check(priority: 500))) == [.selected(Self.here)])
    #expect(others(receive(check(priority: 600), on: Self.there)) == [.selected(Self.there)])
    #expect(others(receive(check(priority: 500))).isEmpty)
    #expect(agent.counters.heldNominations == 1)
    wait(milliseconds: 999)
    #expect(others(receive(check(priority: 500))).isEmpty)
    wait(milliseconds: 1)
    #expect(others(receive(check(priority: 500))) == [.selected(Self.here)])
  }

  /// A late repetition of an old nomination is healed by where the peer goes on checking.
  @Test mutating func aNominatedPairThatIsStillCheckedDisplacesASilentOne() {
    _ = receive(check())
    wait(milliseconds: 2_000)
    #expect(others(receive(check(), on: Self.there)) == [.selected(Self.there)])
    wait(milliseconds: 9_999)
    #expect(others(receive(check(nominates: false))).isEmpty)
    wait(milliseconds: 1)
    #expect(others(receive(check(nominates: false))) == [.selected(Self.here)])
    wait(milliseconds: 10_000)
    // One that was never nominated is no choice of the peer's.
    #expect(others(receive(check(nominates: false), on: CandidatePair(ICEBench.third))).isEmpty)
  }

  @Test mutating func ofEqualPairsUDPIsBetter() {
    let tcp = CandidatePair(ICEBench.second, over: .tcp)
    #expect(others(receive(check())) == [.selected(Self.here)])
    #expect(others(receive(check(), on: tcp)).isEmpty)
    #expect(agent.counters.heldNominations == 1)
  }

  /// THREATS 14: who has captured a check can send it again, and gets neither an answer nor the media.
  @Test mutating func aCapturedNominationFromElsewhereMovesNothing() {
    let first = check()
    _ = receive(first)
    wait(milliseconds: 20_000)
    let captured = check()
    #expect(others(receive(captured)).isEmpty)
    for milliseconds in [0, 2_000, 11_000] as [Int64] {
      wait(milliseconds: milliseconds)
      for datagram in [first, captured] { #expect(receive(datagram, on: Self.there) == []) }
    }
    #expect(agent.counters.replayed == 6)
    #expect(agent.selectedPair == Self.here)
    #expect(!agent.isValid(Self.there, at: now))
  }

  @Test mutating func aReplayDuringARestartMovesNothing() {
    let captured = check()
    _ = receive(captured)
    var random = RandomSource.seeded(9)
    _ = agent.restart(local: ICECredentials(random: &random), remote: theirs, at: now)
    #expect(receive(captured, on: Self.there) == [])
    #expect(agent.abandonRestart().count == 1)
    #expect(receive(captured, on: Self.there) == [])
    #expect(agent.selectedPair == Self.here)
  }

  @Test mutating func aRepeatedCheckIsAnsweredAgainAndKeepsNoConsent() throws {
    let datagram = check()
    #expect(others(receive(datagram)) == [.selected(Self.here)])
    wait(milliseconds: 500)
    let actions = receive(datagram)
    #expect(try answer(actions).kind == .success)
    #expect(others(actions).isEmpty)
    #expect(agent.deadline == Instant.zero.advanced(byMilliseconds: ICELiteAgent.consentLifetime))
    // What is long past is not repeated by its sender.
    for _ in 0..<ICEGeneration.maximumRepeatable { _ = receive(check()) }
    #expect(receive(datagram) == [])
  }

  @Test func theMemoryOfTransactionsIsBounded() {
    var seen = SeenTransactions()
    var random = RandomSource.seeded(3)
    let list = (0..<SeenTransactions.maximum + 10).map { _ in STUNTransactionID(random: &random) }
    for transaction in list { seen.insert(transaction) }
    #expect(list.prefix(10).allSatisfy { !seen.contains($0) })
    #expect([10, 11, list.count - 11, list.count - 1].allSatisfy { seen.contains(list[$0]) })
  }

  @Test mutating func onlyChecksOnTheSelectedPairKeepConsent() {
    _ = receive(check())
    wait(milliseconds: 29_000)
    #expect(others(receive(check(nominates: false), on: Self.there)).isEmpty)
    #expect(agent.timeout(at: now) == [])
    wait(milliseconds: 1_000)
    #expect(agent.timeout(at: now) == [.stopped(.consentExpired(Self.here))])
    // Another pair may be nominated with the same credentials.
    #expect(others(receive(check(), on: Self.there)) == [.selected(Self.there)])
  }

  @Test mutating func aCheckAfterTheDeadlineComesTooLate() {
    _ = receive(check())
    wait(milliseconds: 30_001)
    #expect(receive(check()) == [.stopped(.consentExpired(Self.here))])
    #expect(agent.counters.barred == 1)
  }

  @Test mutating func withoutANominationTheAgentGivesUp() {
    _ = receive(check(nominates: false))
    #expect(agent.timeout(at: now.advanced(byMilliseconds: 29_999)) == [])
    #expect(agent.timeout(at: now.advanced(byMilliseconds: 30_000)) == [.stopped(.noNomination)])
    #expect(agent.deadline == nil)
  }

  @Test mutating func checksMayOvertakeTheAnswer() throws {
    agent = ICELiteAgent(local: ours, remote: nil, at: now)
    #expect(agent.deadline == nil)
    #expect(try answer(receive(check(username: "\(ours.ufrag):anyone"))).kind == .success)
    agent.setRemote(theirs, at: now)
    #expect(receive(check(username: "\(ours.ufrag):anyone")) == [])
    #expect(agent.selectedPair == Self.here)
    agent = ICELiteAgent(local: ours, remote: nil, at: now)
    agent.setRemote(theirs, at: now)
    #expect(agent.deadline == now.advanced(byMilliseconds: ICELiteAgent.nominationTimeout))
  }

  @Test mutating func aClosedConnectionStopsAndAnotherGoesOn() {
    let tcp = CandidatePair(ICEBench.first, over: .tcp)
    let again = CandidatePair(ICEBench.second, over: .tcp)
    #expect(others(receive(check(), on: tcp)) == [.selected(tcp)])
    #expect(agent.connectionClosed(ICEBench.third, at: now) == [])
    #expect(agent.connectionClosed(ICEBench.first, at: now) == [.stopped(.connectionClosed(tcp))])
    #expect(!agent.isValid(tcp, at: now))
    #expect(others(receive(check(), on: again)) == [.selected(again)])
  }

  @Test mutating func duringARestartBothCredentialsAreTaken() throws {
    _ = receive(check())
    var random = RandomSource.seeded(9)
    let new = ICECredentials(random: &random)
    let oldKey = try #require(ours.key)
    #expect(agent.restart(local: new, remote: theirs, at: now) == [])
    #expect(try answer(receive(check())).kind == .success)
    // A check with the new ones that does not nominate ends nothing.
    let newName = "\(new.ufrag):\(theirs.ufrag)"
    let quiet = receive(check(nominates: false, username: newName, password: new.password), on: Self.there)
    #expect(quiet.count == 1)
    #expect(agent.isRestarting)
    // The nomination wins, though it has a lower priority and comes at once.
    let loud = receive(check(priority: 1, username: newName, password: new.password), on: Self.there)
    #expect(others(loud) == [.selected(Self.there), .retired(oldKey)])
    #expect(receive(check()) == [])
    #expect(agent.selectedPair == Self.there)
  }

  @Test mutating func aRestartThatKeepsThePairSelectsNothingAnew() throws {
    _ = receive(check())
    var random = RandomSource.seeded(9)
    let new = ICECredentials(random: &random)
    _ = agent.restart(local: new, remote: theirs, at: now)
    let actions = receive(check(username: "\(new.ufrag):\(theirs.ufrag)", password: new.password))
    #expect(others(actions) == [.retired(try #require(ours.key))])
    #expect(agent.selectedPair == Self.here)
  }

  @Test mutating func anAbandonedRestartLeavesTheOldCredentials() throws {
    _ = receive(check())
    var random = RandomSource.seeded(9)
    let new = ICECredentials(random: &random)
    let newer = ICECredentials(random: &random)
    _ = agent.restart(local: new, remote: nil, at: now)
    #expect(agent.restart(local: newer, remote: nil, at: now) == [.retired(try #require(new.key))])
    #expect(agent.abandonRestart() == [.retired(try #require(newer.key))])
    #expect(agent.abandonRestart() == [])
    #expect(agent.localCredentials == ours)
    #expect(agent.selectedPair == Self.here)
    #expect(try answer(receive(check())).kind == .success)
  }

  @Test mutating func whatThePeerMakesGrowHasACap() throws {
    _ = receive(check(priority: .max))
    for port in 1...200 {
      wait(milliseconds: 25)
      _ = receive(check(nominates: false), on: CandidatePair(TransportAddress(.v4(1), port: UInt16(port))))
    }
    #expect(agent.counters.checks == 201)
    #expect(agent.counters.evictedPairs == 201 - UInt64(ICEGeneration.maximumPairs))
    #expect(agent.isValid(Self.here, at: now))
    let candidate = try #require(ICECandidate("1 1 UDP 1 10.0.0.1 9 typ host"))
    for _ in 0..<40 { agent.addRemote(candidate) }
    #expect(agent.remoteCandidates.count == ICELiteAgent.maximumRemoteCandidates)
    #expect(agent.counters.refusedCandidates == 8)
  }

  /// A journal can keep an agent, and another process go on with it.
  @Test mutating func anAgentIsAValueThatCanBeKept() throws {
    _ = receive(check())
    let kept = try JSONEncoder().encode(agent)
    agent = try JSONDecoder().decode(ICELiteAgent.self, from: kept)
    #expect(agent.selectedPair == Self.here)
    wait(milliseconds: 20_000)
    #expect(try answer(receive(check(nominates: false))).kind == .success)
    #expect(agent.deadline == now.advanced(byMilliseconds: ICELiteAgent.consentLifetime))
  }
}

import Primitives
import TestSupport
import Testing

@testable import ICE

/// A whole exchange with a full agent over a virtual network.
@Suite struct ConnectivityTests {
  @Test(arguments: [FullAgent.Nomination.regular, .aggressive], 0..<8)
  func bothComeToTheSamePairOverALossyNetwork(nomination: FullAgent.Nomination, seed: Int) {
    var bench = ICEBench(nomination, from: [ICEBench.first, ICEBench.second, ICEBench.third], seed: UInt64(seed))
    bench.network.usual = VirtualNetwork.Conditions(
      delay: 40, jitter: 20, loss: 0.25, duplication: 0.1, reordering: 0.1, mayOvertake: true)
    bench.run(milliseconds: 60_000)
    guard let chosen = bench.peer.chosen else {
      Issue.record("the peer has no pair")
      return
    }
    #expect(bench.agent.selectedPair == CandidatePair(bench.peer.bases[chosen].address))
    #expect(bench.agent.counters.unauthenticated == 0)
    #expect(bench.agent.counters.malformed == 0)
    #expect(bench.peer.mappedAddresses.isSubset(of: [ICEBench.first, ICEBench.second, ICEBench.third]))
    // Requests carry USERNAME, PRIORITY and a role; answers are smaller.
    #expect(bench.octetsOut <= bench.octetsIn)
    for (_, action) in bench.events { if case .stopped = action { Issue.record("stopped") } }
  }

  @Test func onAPerfectNetworkTheBestPairIsSelectedOnce() {
    var bench = ICEBench(.regular, from: [ICEBench.first, ICEBench.second], seed: 1)
    bench.run(milliseconds: 2_000)
    #expect(bench.selections == [CandidatePair(ICEBench.first)])
    #expect(bench.agent.isValid(CandidatePair(ICEBench.second), at: bench.now))
    #expect(!bench.agent.isValid(CandidatePair(ICEBench.third), at: bench.now))
    #expect(!bench.agent.isValid(CandidatePair(ICEBench.first, over: .tcp), at: bench.now))
  }

  @Test func anAddressThatCannotBeReachedIsNotSelected() {
    var bench = ICEBench(.regular, from: [ICEBench.first, ICEBench.second], seed: 2)
    bench.network.conditions[ICEBench.first] = VirtualNetwork.Conditions(loss: 1)
    bench.run(milliseconds: 2_000)
    #expect(bench.selections == [CandidatePair(ICEBench.second)])
  }

  @Test func aPeerInTheWrongRoleIsPutRight() {
    var bench = ICEBench(.aggressive, from: [ICEBench.first], seed: 3)
    bench.peer.isControlling = false
    bench.run(milliseconds: 2_000)
    #expect(bench.peer.roleConflicts == 1)
    #expect(bench.agent.counters.roleConflicts == 1)
    #expect(bench.selections == [CandidatePair(ICEBench.first)])
  }

  @Test func consentHoldsAsLongAsChecksCome() {
    var bench = ICEBench(.regular, from: [ICEBench.first], seed: 4)
    bench.network.usual = VirtualNetwork.Conditions(delay: 30, loss: 0.3)
    bench.run(milliseconds: 120_000)
    #expect(bench.selections.count == 1)
    #expect(bench.agent.selectedPair == CandidatePair(ICEBench.first))
  }

  @Test func withoutChecksSendingStopsAfterThirtySeconds() throws {
    var bench = ICEBench(.regular, from: [ICEBench.first], seed: 5)
    bench.run(milliseconds: 20_000)
    bench.peer.consents = false
    let silent = bench.now
    bench.run(milliseconds: 31_000)
    let pair = CandidatePair(ICEBench.first)
    let last = try #require(bench.events.last)
    #expect(last.action == .stopped(.consentExpired(pair)))
    #expect(last.at.milliseconds(since: silent) <= 30_000)
    #expect(bench.agent.selectedPair == nil)
    #expect(bench.agent.deadline == nil)
    #expect(!bench.agent.isValid(pair, at: bench.now))
  }

  /// RFC 7675, section 5.1: the same credentials get no consent again on the same pair; a restart does.
  @Test func afterConsentIsLostOnlyARestartBringsThePairBack() {
    var bench = ICEBench(.regular, from: [ICEBench.first], seed: 6)
    bench.run(milliseconds: 5_000)
    bench.peer.consents = false
    bench.run(milliseconds: 31_000)
    bench.peer.consents = true
    let answered = bench.octetsOut
    bench.run(milliseconds: 10_000)
    #expect(bench.agent.selectedPair == nil)
    #expect(bench.agent.counters.barred > 0)
    #expect(bench.octetsOut == answered)
    bench.restart(from: [ICEBench.first], seed: 60)
    bench.run(milliseconds: 2_000)
    #expect(bench.agent.selectedPair == CandidatePair(ICEBench.first))
  }

  @Test func aRestartMovesTheMediaWithoutAGap() {
    var bench = ICEBench(.regular, from: [ICEBench.first], seed: 7)
    bench.network.usual = VirtualNetwork.Conditions(delay: 40)
    bench.run(milliseconds: 3_000)
    let old = bench.agent.localCredentials
    bench.restart(from: [ICEBench.second], seed: 70)
    #expect(bench.agent.isRestarting)
    #expect(bench.agent.selectedPair == CandidatePair(ICEBench.first))
    #expect(bench.agent.ufrags.count == 2)
    bench.run(milliseconds: 2_000)
    #expect(bench.agent.selectedPair == CandidatePair(ICEBench.second))
    #expect(!bench.agent.isRestarting)
    #expect(bench.agent.ufrags == [bench.agent.localCredentials.key].compactMap { $0 })
    let actions = bench.events.map(\.action)
    #expect(actions.contains(old.key.map { .retired($0) } ?? .selected(CandidatePair(ICEBench.first))))
    for action in actions { if case .stopped = action { Issue.record("a gap") } }
  }
}

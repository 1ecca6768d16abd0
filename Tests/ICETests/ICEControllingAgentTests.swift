import Primitives
import TestSupport
import Testing

@testable import ICE

/// The controlling agent against our lite one, over a virtual network.
@Suite struct ICEControllingAgentTests {
  /// Both agents, in steps of 10 ms.
  private struct Bench {
    static let server = ICEBench.server
    static let browser = ICEBench.first

    var network: VirtualNetwork
    var lite: ICELiteAgent
    var agent: ICEControllingAgent
    var now = Instant.zero
    var selections: [CandidatePair] = []
    private let local: ICECredentials
    private let remote: ICECredentials

    init(_ candidates: [TransportAddress] = [Bench.server], seed: UInt64) {
      var random = RandomSource.seeded(seed)
      remote = ICECredentials(random: &random)
      local = ICECredentials(random: &random)
      network = VirtualNetwork(seed: seed)
      lite = ICELiteAgent(local: remote, remote: local, at: now)
      agent = ICEControllingAgent(
        local: local, remote: remote, candidates: candidates, random: .seeded(seed), at: now)
    }

    mutating func run(milliseconds: Int, isServed: Bool = true) {
      for _ in 0..<(milliseconds / 10) {
        agent.timeout(at: now)
        flush()
        while let datagram = network.next(by: now) {
          if datagram.destination == Self.browser {
            agent.receive(datagram.octets.span, from: datagram.source, at: now)
            flush()
          } else if datagram.destination == Self.server, isServed {
            for action in lite.receive(datagram.octets.span, from: datagram.source, over: .udp, at: now) {
              switch action {
              case .send(let octets, let pair):
                network.send(octets, from: Self.server, to: pair.remote, at: now)
              case .selected(let pair): selections.append(pair)
              case .stopped, .retired: break
              }
            }
          }
        }
        now = now.advanced(byMilliseconds: 10)
      }
    }

    private mutating func flush() {
      while let (to, octets) = agent.nextDatagram() { network.send(octets, from: Self.browser, to: to, at: now) }
    }

    /// A check of a peer that is full as well; `password` is what it is sealed with.
    mutating func ask(password: String? = nil) -> [UInt8]? {
      var random = RandomSource.seeded(9)
      var writer = STUNWriter(.request, transaction: STUNTransactionID(random: &random))
      writer.add(.username, "\(local.ufrag):\(remote.ufrag)")
      writer.addPriority(1)
      writer.seal(key: Array((password ?? local.password).utf8))
      writer.finish()
      agent.receive(writer.bytes.span, from: Self.server, at: now)
      return agent.nextDatagram()?.octets
    }
  }

  @Test func twoChecksSelectTheOneWay() {
    var bench = Bench(seed: 1)
    bench.run(milliseconds: 50)
    #expect(bench.agent.selected == Bench.server)
    #expect(bench.selections == [CandidatePair(Bench.browser)])
    #expect(bench.network.sent == 4)
  }

  @Test(arguments: 0..<8) func aLossyNetworkDelaysAndHindersNothing(seed: Int) {
    var bench = Bench(seed: UInt64(seed))
    bench.network.usual = VirtualNetwork.Conditions(delay: 40, jitter: 20, loss: 0.25, duplication: 0.1)
    bench.run(milliseconds: 20_000)
    #expect(bench.agent.selected == Bench.server)
    #expect(bench.lite.selectedPair == CandidatePair(Bench.browser))
    #expect(bench.lite.counters.unauthenticated == 0 && bench.lite.counters.malformed == 0)
  }

  @Test func aCandidateThatCannotBeReachedIsPassedOver() {
    var bench = Bench([ICEBench.third, Bench.server], seed: 2)
    bench.run(milliseconds: 500)
    #expect(bench.agent.selected == Bench.server)
  }

  @Test func consentIsAskedForUntilNobodyAnswers() {
    var bench = Bench(seed: 3)
    bench.run(milliseconds: 120_000)
    #expect(bench.agent.selected == Bench.server)
    #expect(bench.lite.selectedPair == CandidatePair(Bench.browser))
    bench.run(milliseconds: 31_000, isServed: false)
    #expect(bench.agent.state == .failed(.consentExpired(CandidatePair(Bench.server))))
    #expect(bench.agent.deadline == .distantFuture && bench.agent.selected == nil)
  }

  @Test func withoutAnyAnswerItGivesUpAfterThirtySeconds() {
    var bench = Bench(seed: 4)
    bench.run(milliseconds: 29_900, isServed: false)
    #expect(bench.agent.selected == nil && bench.agent.deadline != .distantFuture)
    // The first check and six repetitions.
    #expect(bench.network.sent <= 7)
    bench.run(milliseconds: 200, isServed: false)
    #expect(bench.agent.state == .failed(.noNomination))
  }

  @Test func whatIsNotAuthenticChangesNothing() throws {
    var bench = Bench(seed: 5)
    #expect(bench.ask(password: "anotherPasswordOf22Chars") == nil)
    let asked = bench.ask()
    let answer = try #require(asked)
    let message = try STUNMessage.parse(answer)
    #expect(message.kind == .success && message.mappedAddress == Bench.server)
    // An answer to a check that was sealed with another key, and rubbish.
    bench.agent.timeout(at: bench.now)
    let sent = bench.agent.nextDatagram()
    let check = try #require(sent?.octets)
    var writer = STUNWriter(.success, transaction: try STUNMessage.parse(check).transaction)
    writer.addXORMappedAddress(Bench.browser)
    writer.seal(key: Array("anotherPasswordOf22Chars".utf8))
    writer.finish()
    bench.agent.receive(writer.bytes.span, from: Bench.server, at: bench.now)
    bench.agent.receive([0, 1, 2].span, from: Bench.server, at: bench.now)
    #expect(bench.agent.nextDatagram() == nil && bench.agent.selected == nil)
  }
}

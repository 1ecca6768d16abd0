import Primitives
import Testing

@testable import SIP

/// RFC 3261, section 17.1.1, and RFC 6026, in virtual time.
@Suite struct InviteClientTransactionTests {
  typealias Bench = TransactionBench

  @Test func putsAViaWithBranchAndRportOnTop() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    let via = try #require(bench.sentRequests.first?.headers.topVia)
    #expect(via.branch?.hasPrefix("z9hG4bK") == true)
    #expect(via.parameters.has("rport"))
    #expect(via.host.description == "192.0.2.1" && via.port == 5_060)
  }

  @Test func retransmitsByTimerAAndGivesUpByTimerB() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.run(milliseconds: 31_999)
    #expect(bench.sentTimes == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500])
    #expect(bench.failures.isEmpty)
    try bench.run(milliseconds: 1)
    #expect(bench.failures.map(\.failure) == [.timeout])
    #expect(bench.layer.clientTransactionCount == 0)
    #expect(bench.layer.deadline == nil)
  }

  @Test func overTCPNothingIsSentTwice() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"), to: Bench.tcp)
    try bench.run(milliseconds: 32_000)
    #expect(bench.sent.count == 1)
    #expect(bench.failures.map(\.failure) == [.timeout])
  }

  @Test func aProvisionalStopsTheTimers() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.answer(180)
    try bench.run(milliseconds: 180_000)
    #expect(bench.sent.count == 1)
    #expect(bench.responses.map(\.response.status) == [180])
    #expect(bench.layer.clientTransactionCount == 1)
  }

  @Test func aRefusalIsAcknowledgedOnTheSameWayEachTime() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.answer(486)
    try bench.answer(486)
    #expect(bench.sentNames == ["INVITE", "ACK", "ACK"])
    #expect(bench.responses.count == 1)
    let invite = try #require(bench.sentRequests.first)
    let ack = try #require(bench.sentRequests.dropFirst().first)
    #expect(ack.uri == invite.uri)
    #expect(ack.headers.topVia == invite.headers.topVia)
    #expect(ack.headers.list("Route") == invite.headers.list("Route"))
    #expect(ack.headers.cSeq == CSeq(number: 7, method: .ack))
    #expect(ack.headers.to?.tag == "theirs")
    #expect(ack.headers["From"] == invite.headers["From"])
    try bench.run(milliseconds: 32_000)
    #expect(bench.layer.clientTransactionCount == 0)
  }

  @Test func each2xxIsDeliveredAlsoFromForksUntilTimerM() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.answer(200, tag: "one")
    try bench.answer(200, tag: "one")
    try bench.answer(200, tag: "two")
    #expect(bench.responses.map { $0.response.headers.to?.tag } == ["one", "one", "two"])
    #expect(bench.sentNames == ["INVITE"])
    try bench.run(milliseconds: 32_000)
    try bench.answer(200, tag: "one")
    #expect(bench.responses.count == 3)
    #expect(bench.layer.counters.strayResponses == 1)
  }

  @Test func cancelWaitsForAProvisional() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.cancel()
    #expect(bench.sentNames == ["INVITE"])
    try bench.answer(100)
    #expect(bench.sentNames == ["INVITE", "CANCEL"])
    let (invite, cancel) = (bench.sentRequests[0], bench.sentRequests[1])
    #expect(cancel.headers.topVia == invite.headers.topVia)
    #expect(cancel.headers["To"] == invite.headers["To"])
    #expect(cancel.headers.cSeq == CSeq(number: 7, method: .cancel))
    #expect(cancel.headers.list("Route") == invite.headers.list("Route"))
    try bench.answer(200, to: 1)
    try bench.answer(487)
    #expect(bench.sentNames == ["INVITE", "CANCEL", "ACK"])
    #expect(bench.responses.map(\.response.status) == [100, 487])
    #expect(bench.failures.isEmpty)
  }

  @Test func aCancelledInviteWithoutFinalResponseIsGivenUp() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.answer(180)
    try bench.cancel()
    try bench.cancel()
    try bench.run(milliseconds: 32_000)
    #expect(bench.sentNames.filter { $0 == "CANCEL" }.count == 11)
    #expect(bench.failures.map(\.failure) == [.timeout])
    #expect(bench.layer.clientTransactionCount == 0)
  }

  @Test func cancelAfterTheAnswerHasNoEffect() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    try bench.answer(200)
    try bench.cancel()
    #expect(bench.sentNames == ["INVITE"])
  }

  @Test func aFailedTransportIsToldOnce() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("INVITE"))
    let owner = try #require(bench.sent.first).owner
    bench.layer.transportFailed(owner, reason: "refused", at: bench.now)
    bench.layer.transportFailed(owner, reason: "refused", at: bench.now)
    try bench.drain()
    #expect(bench.failures.map(\.failure) == [.transport(reason: "refused")])
  }

  @Test func beyondTheCapItFailsAtOnce() throws {
    var limits = TransactionLayer.Limits()
    limits.clientTransactions = 1
    var bench = Bench(limits: limits)
    try bench.send(Bench.outgoing("INVITE"))
    try bench.send(Bench.outgoing("OPTIONS"), id: ClientTransactionID(rawValue: 2))
    #expect(bench.failures.map(\.failure) == [.overload])
  }
}

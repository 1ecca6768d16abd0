import Primitives
import Testing

@testable import SIP

/// RFC 3261, section 17.2.1, and RFC 6026, in virtual time.
@Suite struct InviteServerTransactionTests {
  typealias Bench = TransactionBench

  @Test func says100OnItsOwnWhenTheUserIsSlow() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    #expect(bench.delivered.count == 1)
    try bench.run(milliseconds: 199)
    #expect(bench.sent.isEmpty)
    try bench.run(milliseconds: 1)
    #expect(bench.sentNames == ["100"])
    #expect(bench.sentResponses.first?.headers.to?.tag == nil)
  }

  @Test func aQuickUserNeedsNo100() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(180)
    try bench.run(milliseconds: 1_000)
    #expect(bench.sentNames == ["180"])
  }

  @Test func retransmittedInvitesAreAbsorbedAndGetTheLastProvisional() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(180)
    try bench.receive(Bench.request("INVITE"))
    try bench.receive(Bench.request("INVITE"))
    #expect(bench.delivered.count == 1)
    #expect(bench.sentNames == ["180", "180", "180"])
    #expect(bench.layer.counters.retransmittedRequests == 2)
  }

  @Test func aRefusalIsRepeatedByTimerGUntilItsACKComes() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(486)
    try bench.run(milliseconds: 8_000)
    #expect(bench.sentTimes == [0, 500, 1_500, 3_500, 7_500])
    try bench.receive(Bench.request("ACK", to: "<sip:3000@example.com>;tag=ours"))
    try bench.receive(Bench.request("ACK", to: "<sip:3000@example.com>;tag=ours"))
    try bench.run(milliseconds: 4_999)
    #expect(bench.layer.serverTransactionCount == 1)
    try bench.run(milliseconds: 1)
    #expect(bench.sent.count == 5)
    #expect(bench.acknowledged.isEmpty)
    #expect(bench.layer.serverTransactionCount == 0)
  }

  @Test func withoutACKARefusalIsGivenUpByTimerH() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(404)
    try bench.run(milliseconds: 31_999)
    #expect(bench.sentTimes == [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
    try bench.run(milliseconds: 1)
    #expect(bench.layer.serverTransactionCount == 0)
    #expect(bench.layer.counters.unacknowledged == 1)
  }

  @Test func overTCPARefusalIsSentOnce() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE", via: "SIP/2.0/TCP 10.0.0.5;branch=z9hG4bKt"), from: Bench.tcp)
    try bench.respond(486)
    try bench.run(milliseconds: 10_000)
    #expect(bench.sentNames == ["486"])
    #expect(bench.sent.first?.peer.flow == 7)
    try bench.receive(
      Bench.request("ACK", to: "<sip:x>;tag=ours", via: "SIP/2.0/TCP 10.0.0.5;branch=z9hG4bKt"), from: Bench.tcp)
    #expect(bench.layer.serverTransactionCount == 0)
  }

  @Test func after2xxInvitesAreAbsorbedAndACKsDelivered() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(200)
    try bench.run(milliseconds: 500)
    try bench.respond(200)
    try bench.receive(Bench.request("INVITE"))
    #expect(bench.delivered.count == 1)
    #expect(bench.sentNames == ["200", "200"])
    // The ACK of a 2xx has a branch of its own; some phones reuse that of the INVITE.
    try bench.receive(Bench.request("ACK", branch: "z9hG4bKb", to: "<sip:3000@example.com>;tag=ours"))
    try bench.receive(Bench.request("ACK", to: "<sip:3000@example.com>;tag=ours"))
    #expect(bench.acknowledged.count == 2)
    try bench.run(milliseconds: 31_500)
    #expect(bench.layer.serverTransactionCount == 0)
  }

  @Test func aFinalResponseAfterAFinalResponseIsDropped() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(487)
    try bench.respond(200)
    #expect(bench.sentNames == ["487"])
    #expect(bench.layer.counters.strayAnswers == 1)
  }

  @Test func cancelIsAnsweredAndTold() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(180)
    try bench.receive(Bench.request("CANCEL"))
    #expect(bench.sentNames == ["180", "200"])
    #expect(bench.sentResponses.last?.headers.cSeq?.method == .cancel)
    #expect(bench.sentResponses.last?.headers.to?.tag == "ours")
    #expect(bench.cancelled == bench.delivered.map(\.id))
    try bench.receive(Bench.request("CANCEL"))
    #expect(bench.cancelled.count == 1)
    #expect(bench.sentNames == ["180", "200", "200"])
    try bench.respond(487)
    #expect(bench.sentNames.last == "487")
  }

  @Test func cancelAfterTheAnswerHasNoEffect() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.respond(200)
    try bench.receive(Bench.request("CANCEL"))
    #expect(bench.sentNames == ["200", "200"])
    #expect(bench.cancelled.isEmpty)
  }

  @Test func cancelOfNothingIs481() throws {
    var bench = Bench()
    try bench.receive(Bench.request("CANCEL"))
    #expect(bench.sentNames == ["481"])
    #expect(bench.cancelled.isEmpty)
  }

  @Test func anInviteThatIsNeverAnsweredDoesNotStayForEver() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INVITE"))
    try bench.run(milliseconds: 600_000)
    #expect(bench.layer.serverTransactionCount == 0)
    #expect(bench.layer.counters.unanswered == 1)
  }
}

import Primitives
import Testing

@testable import SIP

/// RFC 3261, section 17.1.2, in virtual time.
@Suite struct NonInviteClientTransactionTests {
  typealias Bench = TransactionBench

  @Test func retransmitsByTimerEAndGivesUpByTimerF() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("OPTIONS"))
    try bench.run(milliseconds: 32_000)
    #expect(bench.sentTimes == [0, 500, 1_500, 3_500, 7_500, 11_500, 15_500, 19_500, 23_500, 27_500, 31_500])
    #expect(bench.failures.map(\.failure) == [.timeout])
    #expect(bench.layer.counters.timeouts == 1)
  }

  @Test func afterAProvisionalItRetransmitsEveryT2() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("BYE"))
    try bench.answer(100)
    try bench.run(milliseconds: 12_600)
    #expect(bench.sentTimes == [0, 500, 4_500, 8_500, 12_500])
  }

  @Test func repeatedResponsesAreAbsorbedUntilTimerK() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("BYE"))
    try bench.answer(200)
    try bench.answer(200)
    #expect(bench.responses.count == 1)
    try bench.run(milliseconds: 5_000)
    #expect(bench.layer.clientTransactionCount == 0)
    try bench.answer(200)
    #expect(bench.layer.counters.strayResponses == 1)
  }

  @Test func aForeignBranchOrMethodMatchesNothing() throws {
    var bench = Bench()
    try bench.send(Bench.outgoing("BYE"))
    var request = try #require(bench.sentRequests.first)
    request.headers.set("CSeq", "7 OPTIONS")
    bench.layer.receive(
      .response(SIPResponse(status: 200, to: request, toTag: "x")), from: Bench.udp, at: bench.now)
    try bench.drain()
    #expect(bench.responses.isEmpty)
    #expect(bench.layer.counters.strayResponses == 1)
  }
}

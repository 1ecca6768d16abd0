import Primitives
import Testing

@testable import SIP

/// RFC 3261, section 17.2.2, in virtual time.
@Suite struct NonInviteServerTransactionTests {
  typealias Bench = TransactionBench

  @Test func retransmissionsAreSilentUntilThereIsAResponse() throws {
    var bench = Bench()
    try bench.receive(Bench.request("OPTIONS"))
    try bench.receive(Bench.request("OPTIONS"))
    #expect(bench.sent.isEmpty)
    try bench.respond(100, toTag: nil)
    try bench.receive(Bench.request("OPTIONS"))
    try bench.respond(200)
    try bench.receive(Bench.request("OPTIONS"))
    #expect(bench.sentNames == ["100", "100", "200", "200"])
    #expect(bench.delivered.count == 1)
  }

  @Test func timerJEndsItOverUDP() throws {
    var bench = Bench()
    try bench.receive(Bench.request("OPTIONS"))
    try bench.respond(200)
    try bench.run(milliseconds: 31_999)
    #expect(bench.layer.serverTransactionCount == 1)
    try bench.run(milliseconds: 1)
    #expect(bench.layer.serverTransactionCount == 0)
    #expect(bench.sentNames == ["200"])
  }

  @Test func overTCPItEndsAtOnce() throws {
    var bench = Bench()
    try bench.receive(Bench.request("BYE", via: "SIP/2.0/TCP 10.0.0.5;branch=z9hG4bKt"), from: Bench.tcp)
    try bench.respond(200)
    #expect(bench.layer.serverTransactionCount == 0)
  }

  @Test func aUserThatNeverAnswersDoesNotLeakIt() throws {
    var bench = Bench()
    try bench.receive(Bench.request("INFO"))
    try bench.run(milliseconds: 64_000)
    #expect(bench.layer.serverTransactionCount == 0)
    #expect(bench.layer.counters.unanswered == 1)
    #expect(bench.layer.deadline == nil)
  }
}

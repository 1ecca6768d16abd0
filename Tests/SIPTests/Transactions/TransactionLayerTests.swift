import Primitives
import Testing

@testable import SIP

/// Matching, routing of responses and caps.
@Suite struct TransactionLayerTests {
  typealias Bench = TransactionBench

  @Test func aResponseGoesToTheSourcePortWhenRportAsksForIt() throws {
    var bench = Bench()
    try bench.receive(Bench.request("OPTIONS"))
    try bench.respond(200)
    #expect(bench.sent.first?.peer.remote == Bench.phone)
    let via = try #require(bench.sentResponses.first?.headers.topVia)
    #expect(via.parameters["received"] == "192.0.2.5")
    #expect(via.parameters["rport"] == "33000")
  }

  @Test func withoutRportAResponseGoesToTheSentByPortAtTheSourceAddress() throws {
    var bench = Bench()
    try bench.receive(Bench.request("OPTIONS", via: "SIP/2.0/UDP phone.example.com:5070;branch=z9hG4bKa"))
    try bench.receive(Bench.request("OPTIONS", via: "SIP/2.0/UDP phone.example.com;branch=z9hG4bKb"))
    try bench.respond(200, to: 0)
    try bench.respond(200, to: 1)
    #expect(bench.sent.map(\.peer.remote.ip) == [Bench.phone.ip, Bench.phone.ip])
    #expect(bench.sent.map(\.peer.remote.port) == [5_070, 5_060])
    #expect(bench.sentResponses.first?.headers.topVia?.received != nil)
  }

  @Test func aForgedReceivedAndMaddrAreNotFollowed() throws {
    var bench = Bench()
    try bench.receive(
      Bench.request(
        "OPTIONS", via: "SIP/2.0/UDP 192.0.2.5:33000;branch=z9hG4bKa;received=203.0.113.9;maddr=203.0.113.9"))
    try bench.respond(200)
    #expect(bench.sent.first?.peer.remote == Bench.phone)
    #expect(bench.sentResponses.first?.headers.topVia?.received == nil)
  }

  @Test func lowerViasSurviveTheStamp() throws {
    var bench = Bench()
    try bench.receive(
      Bench.request("OPTIONS", via: "SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKa;rport, SIP/2.0/TCP 10.0.0.2;branch=z9hG4bKb"))
    try bench.respond(200)
    let vias = try #require(bench.sentResponses.first).headers.vias
    #expect(vias.map(\.branch) == ["z9hG4bKa", "z9hG4bKb"])
  }

  @Test func methodAndSentByTellTransactionsApart() throws {
    var bench = Bench()
    try bench.receive(Bench.request("OPTIONS"))
    try bench.receive(Bench.request("INFO"))
    try bench.receive(Bench.request("OPTIONS", via: "SIP/2.0/UDP 10.0.0.6:5062;branch=z9hG4bKa;rport"))
    #expect(bench.delivered.count == 3)
  }

  @Test func requestsOfRFC2543AreMatchedWithoutACookie() throws {
    var bench = Bench()
    let via = "SIP/2.0/UDP 10.0.0.5:5062"
    try bench.receive(Bench.request("INVITE", via: via))
    try bench.receive(Bench.request("INVITE", via: via))
    try bench.respond(486)
    try bench.receive(Bench.request("ACK", to: "<sip:3000@example.com>;tag=ours", via: via))
    try bench.receive(Bench.request("INVITE", number: 2, via: via))
    #expect(bench.delivered.count == 2)
    #expect(bench.acknowledged.isEmpty)
  }

  @Test func beyondTheCapNewRequestsGet503AndKnownOnesGoOn() throws {
    var limits = TransactionLayer.Limits()
    limits.serverTransactions = 2
    var bench = Bench(limits: limits)
    for index in 0..<5 { try bench.receive(Bench.request("OPTIONS", branch: "z9hG4bK\(index)")) }
    #expect(bench.delivered.count == 2)
    #expect(bench.sentNames == ["503", "503", "503"])
    #expect(bench.sentResponses.first?.headers["Retry-After"] == "10")
    #expect(bench.sentResponses.first?.headers.to?.tag != nil)
    try bench.receive(Bench.request("OPTIONS", branch: "z9hG4bK1"))
    #expect(bench.layer.counters.refusedRequests == 3)
    #expect(bench.layer.counters.retransmittedRequests == 1)
  }

  @Test func statelessAnswersToTheSameRequestHaveTheSameTag() throws {
    var bench = Bench()
    guard case .request(let request) = try Bench.parse(Bench.request("OPTIONS")),
      case .request(let ack) = try Bench.parse(Bench.request("ACK"))
    else { return }
    for _ in 0..<2 { bench.layer.refuse(request, status: 420, headers: [("Unsupported", "x")], from: Bench.udp) }
    bench.layer.refuse(ack, status: 420, from: Bench.udp)
    try bench.drain()
    let tags = bench.sentResponses.map { $0.headers.to?.tag }
    #expect(tags.count == 2 && tags[0] == tags[1] && tags[0] != nil)
    #expect(bench.sentResponses.first?.headers["Unsupported"] == "x")
  }

  @Test func theACKOfA2xxHasABranchOfItsOwnAndNoTransaction() throws {
    var bench = Bench()
    guard case .request(let ack) = try Bench.parse(Bench.outgoing("ACK")) else { return }
    bench.layer.acknowledge(ack, to: Bench.udp)
    bench.layer.acknowledge(ack, to: Bench.udp)
    try bench.drain()
    let branches = bench.sentRequests.map { $0.headers.topVia?.branch }
    #expect(branches.count == 2 && branches[0] != branches[1])
    #expect(bench.layer.clientTransactionCount == 0)
    #expect(bench.layer.deadline == nil)
  }

  @Test func thousandsOfTransactionsComeAndGoWithoutATrace() throws {
    var bench = Bench()
    for index in 0..<3_000 {
      try bench.receive(Bench.request("INVITE", branch: "z9hG4bK\(index)"))
      try bench.respond(index % 2 == 0 ? 200 : 486, to: index)
      if index % 3 == 0 {
        try bench.receive(Bench.request("ACK", branch: "z9hG4bK\(index)", to: "<sip:3000@example.com>;tag=ours"))
      }
      try bench.run(milliseconds: 5)
    }
    try bench.run(milliseconds: 40_000)
    #expect(bench.layer.serverTransactionCount == 0)
    #expect(bench.layer.deadline == nil)
    #expect(bench.layer.counters.unacknowledged == 1_000)
  }
}

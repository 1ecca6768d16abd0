import Application
import Primitives
import SIP
import Testing

@testable import SIPFront

/// What hurts servers of this kind, on loopback: broken messages, overload, connections without end.
@Suite(.timeLimit(.minutes(1))) struct RobustnessTests {
  @Test func brokenMessagesAreAnsweredIfPossibleAndNeverReachTheUser() async throws {
    try await withFront(.answers) { front, user in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      try await peer.say("this is no SIP\r\n\r\n")
      try await peer.say([0xFF, 0x00, 0x80])
      try await peer.say("\r\n\r\n")
      try await peer.say(peer.request("OPTIONS", branch: "1").replacing("CSeq: 1 OPTIONS", with: "CSeq: 1 INVITE"))
      #expect(try await peer.hearResponse().status == 400)
      try await peer.say(peer.request("OPTIONS", branch: "2", headers: ["Require: nothing-known"]))
      let refusal = try await peer.hearResponse()
      #expect(refusal.status == 420 && refusal.headers["Unsupported"] == "nothing-known")
      try await peer.say(peer.request("OPTIONS", branch: "3").replacing("SIP/2.0\r\nVia", with: "SIP/7.0\r\nVia"))
      #expect(try await peer.hearResponse().status == 505)
      try await peer.say(
        peer.request("OPTIONS", branch: "4").replacing("Content-Length: 0", with: "Content-Length: 9999"))
      #expect(try await peer.hearResponse().status == 400)
      try await peer.say(peer.request("ACK", branch: "5", headers: ["CSeq: 7 BYE"]))
      try await peer.say(peer.request("OPTIONS", branch: "6"))
      #expect(try await peer.hearResponse().status == 200)
      #expect(await user.requests == 1)
      let counters = await front.counters()
      #expect(counters.malformed == 4)
      #expect(counters.invalid == 3)
      #expect(counters.keepAlives == 1)
    }
  }

  @Test func aUserWhoIsBehindMeans503ForNewRequestsOnly() async throws {
    try await withFront(.answers, configure: { $0.pendingEvents = 4 }) { front, user in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      await user.hold()
      for index in 0..<10 { try await peer.say(peer.request("OPTIONS", branch: "o\(index)")) }
      for _ in 0..<6 {
        let response = try await peer.hearResponse()
        #expect(response.status == 503)
        #expect(response.headers.retryAfter == 10)
      }
      await user.release()
      for _ in 0..<4 { #expect(try await peer.hearResponse().status == 200) }
      try await peer.say(peer.request("OPTIONS", branch: "after"))
      #expect(try await peer.hearResponse().status == 200)
      #expect(await front.counters().overloaded == 6)
    }
  }

  @Test func aStreamInAnyPiecesGivesTheSameMessagesAndPingsArePonged() async throws {
    try await withFront(.answers) { front, user in
      let peer = try await ScriptedPeer.tcp(to: present(front.boundAddress(.tcp)))
      let one = Array(peer.request("MESSAGE", branch: "m1", body: "hello").utf8)
      for piece in stride(from: 0, to: one.count, by: 50) {
        try await peer.say(Array(one[piece..<min(piece + 50, one.count)]))
      }
      #expect(try await peer.hearResponse().status == 200)
      try await peer.say("\r\n\r\n")
      #expect(await peer.hearBytes() == Array("\r\n".utf8))
      try await peer.say(peer.request("OPTIONS", branch: "m2") + peer.request("OPTIONS", branch: "m3"))
      var framer = SIPStreamFramer()
      var count = 0
      while count < 2 {
        framer.append(try present(await peer.hearBytes()))
        while try framer.next() != nil { count += 1 }
      }
      #expect(await user.requests == 3)
      #expect(await front.counters().connections == 1)
    }
  }

  @Test func aBrokenStreamIsClosed() async throws {
    try await withFront(.answers) { front, user in
      let peer = try await ScriptedPeer.tcp(to: present(front.boundAddress(.tcp)))
      try await peer.say("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
      while await peer.hearBytes() != nil {}
      #expect(await user.requests == 0)
    }
  }

  @Test func connectionsBeyondTheCapOfTheirSourceAreClosed() async throws {
    try await withFront(.answers, configure: { $0.connectionsPerSource = 3 }) { front, _ in
      let server = try present(front.boundAddress(.tcp))
      var peers: [ScriptedPeer] = []
      for index in 0..<3 {
        let peer = try await ScriptedPeer.tcp(to: server)
        try await peer.say(peer.request("OPTIONS", branch: "c\(index)"))
        #expect(try await peer.hearResponse().status == 200)
        peers.append(peer)
      }
      let fourth = try await ScriptedPeer.tcp(to: server)
      while await fourth.hearBytes() != nil {}
      #expect(await front.counters().connectionsRefused == 1)
      try await peers[0].close()
      while await front.counters().connections == 3 { await Task.yield() }
      let fifth = try await ScriptedPeer.tcp(to: server)
      try await fifth.say(fifth.request("OPTIONS", branch: "c5"))
      #expect(try await fifth.hearResponse().status == 200)
    }
  }

  @Test func aConnectionThatSaysNothingOrNeverFinishesIsClosed() async throws {
    try await withFront(.answers, configure: { $0.messageDeadline = .milliseconds(100) }) { front, _ in
      let server = try present(front.boundAddress(.tcp))
      let silent = try await ScriptedPeer.tcp(to: server)
      let slow = try await ScriptedPeer.tcp(to: server)
      try await slow.say("OPTIONS sip:x SIP/2.0\r\n")
      while await silent.hearBytes() != nil {}
      while await slow.hearBytes() != nil {}
      #expect(await front.counters().connectionsExpired == 2)
      #expect(await front.counters().connections == 0)
    }
  }

  @Test func anAnswerFindsItsWayWhenTheConnectionIsGone() async throws {
    // The request comes over a connection that ends at once; its Via names a port where somebody listens.
    try await withFront(.listens) { front, user in
      try await withFront(.listens) { other, _ in
        let back = try present(other.boundAddress(.tcp))
        let peer = try await ScriptedPeer.tcp(to: present(front.boundAddress(.tcp)))
        try await peer.say(
          peer.request("OPTIONS", branch: "gone").replacing("10.99.0.5:5062", with: "127.0.0.1:\(back.port)"))
        guard case .request(let request, let id, _) = try await user.next() else { throw ScriptedPeer.Unexpected() }
        try await peer.close()
        while await front.counters().connections > 0 { await Task.yield() }
        front.respond(SIPResponse(status: 200, to: request, toTag: "u"), in: id)
        while await other.counters().transactions.strayResponses == 0 { await Task.yield() }
      }
    }
  }

  @Test func aPortInUseIsAnErrorThatNamesIt() async throws {
    try await withFront(.listens) { front, _ in
      let taken = try present(front.boundAddress(.udp))
      let second = SIPFront(configuration: .init(listeners: [.init(.udp, taken)]), user: TinyUser(.listens))
      await #expect(throws: SIPFrontError.self) { try await second.start() }
      let tls = SIPFront(configuration: .init(listeners: [.init(.tls, taken)]), user: TinyUser(.listens))
      await #expect(throws: SIPFrontError.noIdentity) { try await tls.start() }
      let webSocket = SIPFront(configuration: .init(listeners: [.init(.ws, taken)]), user: TinyUser(.listens))
      await #expect(throws: SIPFrontError.unsupported(.ws)) { try await webSocket.start() }
    }
  }
}

import Application
import NIOCore
import NIOWebSocket
import Primitives
import SIP
import Testing

@testable import SIPFront

/// SIP over WebSocket on loopback: one connection is one flow, for both directions (RFC 7118).
@Suite(.timeLimit(.minutes(1))) struct WebSocketTests {
  /// A front and a door to it.
  private func withDoor(
    _ manner: TinyUser.Manner, configure: (inout SIPFrontConfiguration) -> Void = { _ in },
    _ body: (SIPFront, TinyUser, WebSocketDoor) async throws -> Void
  ) async throws {
    try await withFront(manner, configure: configure) { front, user in
      let door = try await WebSocketDoor(front)
      do { try await body(front, user, door) } catch {
        await door.close()
        throw error
      }
      await door.close()
    }
  }

  @Test func answersGoBackOnTheConnection() async throws {
    try await withDoor(.answers) { front, user, door in
      let peer = try await WebSocketPeer(door)
      try await peer.say(peer.request("OPTIONS", branch: "1"))
      #expect(try await peer.hearResponse().status == 200)
      try await peer.say(Array(peer.request("OPTIONS", branch: "2").utf8), opcode: .binary)
      #expect(try await peer.hearResponse().status == 200)
      let source = try present(await user.sources.first)
      #expect(source.transport == .ws && source.local == door.address && source.flow != nil)
    }
  }

  @Test func requestsGoBackOnTheConnectionThoughTheContactLeadsNowhere() async throws {
    try await withDoor(.answers) { front, user, door in
      let peer = try await WebSocketPeer(door)
      try await peer.say(peer.request("REGISTER", branch: "1"))
      #expect(try await peer.hearResponse().status == 200)
      guard case .request = try await user.next() else { throw ScriptedPeer.Unexpected() }
      let source = try present(await user.sources.first)
      let back = SIPDestination(transport: .ws, address: source.remote, flow: source.flow)
      #expect(front.localAddress(toward: back)?.address == door.address)
      var request = SIPRequest(
        method: .options, uri: .sip(try present(SIPURI("sip:a@df7jal23ls0d.invalid;transport=ws"))))
      for (name, value) in [
        ("Max-Forwards", "70"), ("From", "<sip:x@example.com>;tag=1"), ("To", "<sip:a@example.com>"), ("Call-ID", "c2"),
        ("CSeq", "1 OPTIONS"),
      ] { request.headers.append(name, value) }
      front.send(request, id: ClientTransactionID(rawValue: 1), destination: back)
      guard case .request(let heard) = try await peer.hearMessage() else { throw ScriptedPeer.Unexpected() }
      let via = try present(heard.headers.topVia)
      #expect(via.knownTransport == .ws && via.host == .address(door.address.ip) && via.port == door.address.port)
      try await peer.say(Array(SIPResponse(status: 200, to: heard, toTag: "t").encoded()), opcode: .text)
      guard case .response(let response, _) = try await user.next() else { throw ScriptedPeer.Unexpected() }
      #expect(response.status == 200)
      // Without the connection there is no way.
      try await peer.close()
      while await front.counters().connections > 0 { await Task.yield() }
      front.send(request, id: ClientTransactionID(rawValue: 2), destination: back)
      guard case .failed(_, .unreachable) = try await user.next() else { throw ScriptedPeer.Unexpected() }
    }
  }

  @Test func manyMessagesInOneGoKeepTheirOrder() async throws {
    try await withDoor(.answers) { front, user, door in
      let peer = try await WebSocketPeer(door)
      for index in 0..<100 { try await peer.say(peer.request("OPTIONS", branch: "m\(index)")) }
      for index in 0..<100 {
        #expect(try await peer.hearResponse().headers.topVia?.branch == "z9hG4bKm\(index)")
      }
      #expect(await user.requests == 100)
    }
  }

  @Test func keepAlivesAreAnsweredAndWhatIsNoSIPIsCounted() async throws {
    try await withDoor(.answers) { front, _, door in
      let peer = try await WebSocketPeer(door)
      try await peer.say([1, 2], opcode: .ping)
      let pong = try present(await peer.hear())
      #expect(pong.opcode == .pong && Array(pong.data.readableBytesView) == [1, 2])
      try await peer.say("\r\n\r\n")
      let lineEnd = try present(await peer.hear())
      #expect(String(buffer: lineEnd.data) == "\r\n")
      try await peer.say("no SIP")
      try await peer.say(peer.request("OPTIONS", branch: "1"))
      #expect(try await peer.hearResponse().status == 200)
      let counters = await front.counters()
      #expect(counters.keepAlives == 1 && counters.malformed == 1 && counters.messagesIn == 1)
    }
  }

  @Test func aClientThatShowsNoLifeIsGone() async throws {
    try await withDoor(.answers, configure: { $0.pingInterval = .milliseconds(50) }) { front, _, door in
      let peer = try await WebSocketPeer(door)
      #expect(await peer.hear()?.opcode == .ping)
      #expect(await peer.hearClose() == .policyViolation)
      while await front.counters().connections > 0 { await Task.yield() }
      #expect(await front.counters().connectionsExpired == 1)
    }
  }

  @Test func aPongIsASignOfLife() async throws {
    try await withDoor(.answers, configure: { $0.pingInterval = .milliseconds(500) }) { front, _, door in
      let peer = try await WebSocketPeer(door)
      for _ in 0..<3 {
        #expect(await peer.hear()?.opcode == .ping)
        try await peer.say([], opcode: .pong)
      }
      #expect(await front.counters().connections == 1)
    }
  }

  @Test func connectionsBeyondTheCapOfTheirSourceAreToldToTryLater() async throws {
    try await withDoor(.answers, configure: { $0.connectionsPerSource = 1 }) { front, _, door in
      let first = try await WebSocketPeer(door)
      try await first.say(first.request("OPTIONS", branch: "1"))
      #expect(try await first.hearResponse().status == 200)
      let second = try await WebSocketPeer(door)
      #expect(await second.hearClose() == .unknown(1_013))
      try await first.say(first.request("OPTIONS", branch: "2"))
      #expect(try await first.hearResponse().status == 200)
      #expect(await front.counters().connectionsRefused == 1)
    }
  }

  @Test func aFrameThatIsTooLargeClosesItsConnectionAlone() async throws {
    try await withDoor(.answers, configure: { $0.closeDeadline = .milliseconds(100) }) { front, _, door in
      let other = try await WebSocketPeer(door)
      let peer = try await WebSocketPeer(door)
      // The connection may be closed before all of it is written.
      try? await peer.say(Array(repeating: 0x61, count: 1 << 20), opcode: .binary)
      #expect(await peer.hearClose() == .messageTooLarge)
      while await peer.hear() != nil {}
      try await other.say(other.request("OPTIONS", branch: "1"))
      #expect(try await other.hearResponse().status == 200)
    }
  }

  @Test func aGoodByeIsReturned() async throws {
    try await withDoor(.answers) { front, _, door in
      let peer = try await WebSocketPeer(door)
      try await peer.say([0x03, 0xE8], opcode: .connectionClose)
      #expect(await peer.hearClose() == .normalClosure)
      while await peer.hear() != nil {}
      while await front.counters().connections > 0 { await Task.yield() }
    }
  }

  @Test func whenTheServerEndsItSaysGoodBye() async throws {
    let front = SIPFront(configuration: .init(listeners: []), user: TinyUser(.answers))
    try await front.start()
    let door = try await WebSocketDoor(front)
    let peer = try await WebSocketPeer(door)
    try await peer.say("\r\n\r\n")
    #expect(await peer.hear()?.opcode == .text)
    async let stopped: Void = front.stop()
    #expect(await peer.hearClose() == .goingAway)
    // Its good-bye comes back, and that is the end.
    try await peer.say([0x03, 0xE9], opcode: .connectionClose)
    while await peer.hear() != nil {}
    await stopped
    // Nobody is taken over any more.
    let late = try await WebSocketPeer(door)
    while await late.hear() != nil {}
    await door.close()
  }
}

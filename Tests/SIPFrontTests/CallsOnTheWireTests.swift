import Application
import Primitives
import SIP
import Testing

@testable import SIPFront

/// Whole calls over loopback, by scripted peers.
@Suite(.timeLimit(.minutes(1))) struct CallsOnTheWireTests {
  enum Way: CaseIterable, Sendable { case udp, tcp, udp6, tcp6 }

  static func peer(_ way: Way, _ front: SIPFront) async throws -> ScriptedPeer {
    switch way {
    case .udp, .udp6: try await .udp(to: present(front.boundAddress(.udp)))
    case .tcp, .tcp6: try await .tcp(to: present(front.boundAddress(.tcp)))
    }
  }

  static func listeners(_ way: Way) -> [SIPFrontConfiguration.Listener] {
    let isV6 = way == .udp6 || way == .tcp6
    let loopback = TransportAddress(isV6 ? .loopbackV6 : .loopbackV4, port: 0)
    return [.init(.udp, loopback), .init(.tcp, loopback)]
  }

  @Test(arguments: Way.allCases) func aCallIsSetUpAcknowledgedAndEnded(_ way: Way) async throws {
    try await withFront(.answers, listeners: Self.listeners(way)) { front, user in
      let peer = try await Self.peer(way, front)
      try await peer.say(peer.request("INVITE", branch: "a"))
      var units: [SIPResponse] = []
      var framer = SIPStreamFramer()
      while units.count < 2 {
        framer.append(try present(await peer.hearBytes()))
        while case .message(.response(let response)) = try framer.next() { units.append(response) }
      }
      #expect(units.map(\.status) == [180, 200])
      // The answer came back to where the request came from, and says so.
      let via = try #require(units.last?.headers.topVia)
      #expect(via.rport == peer.address.port)
      #expect(via.received == peer.address.ip.description)
      #expect(units.last?.headers.to?.tag == "u")

      let to = "<sip:3000@example.com>;tag=u"
      try await peer.say(peer.request("ACK", branch: "b", to: to))
      try await peer.say(peer.request("BYE", branch: "c", to: to, number: 2))
      #expect(try await peer.hearResponse().headers.cSeq == CSeq(number: 2, method: .bye))
      #expect(await user.acknowledgements == 1)
      #expect(await user.requests == 2)
      #expect(await user.sources.first?.remote == peer.address)
      try await peer.close()
    }
  }

  @Test func retransmissionsOverUDPAreAbsorbed() async throws {
    try await withFront(.answers) { front, user in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      // One after the other: what comes before the answer is dropped (RFC 3261, section 17.2.2).
      for _ in 0..<3 {
        try await peer.say(peer.request("OPTIONS", branch: "same"))
        #expect(try await peer.hearResponse().status == 200)
      }
      #expect(await user.requests == 1)
      #expect(await front.counters().transactions.retransmittedRequests == 2)
    }
  }

  @Test func aRefusalIsRepeatedUntilItsACK() async throws {
    try await withFront(.rings, configure: { $0.timers.t1 = .milliseconds(20) }) { front, _ in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      try await peer.say(peer.request("INVITE", branch: "x"))
      #expect(try await peer.hearResponse().status == 180)
      try await peer.say(peer.request("CANCEL", branch: "x"))
      let first = try await peer.hearResponse()
      #expect(first.status == 200 && first.headers.cSeq?.method == .cancel)
      for _ in 0..<3 { #expect(try await peer.hearResponse().status == 487) }
      try await peer.say(peer.request("ACK", branch: "x", to: "<sip:3000@example.com>;tag=u"))
      // Behind the ACK the line is quiet but for what we ask.
      try await peer.say(peer.request("OPTIONS", branch: "y"))
      var next = try await peer.hearResponse()
      while next.status == 487 { next = try await peer.hearResponse() }
      #expect(next.headers.cSeq?.method == .options)
    }
  }

  @Test func aCancelThatComesTooLateChangesNothing() async throws {
    try await withFront(.answers) { front, user in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      try await peer.say(peer.request("INVITE", branch: "x"))
      #expect(try await peer.hearResponse().status == 180)
      #expect(try await peer.hearResponse().status == 200)
      try await peer.say(peer.request("CANCEL", branch: "x"))
      #expect(try await peer.hearResponse().headers.cSeq?.method == .cancel)
      try await peer.say(peer.request("ACK", branch: "z", to: "<sip:3000@example.com>;tag=u"))
      _ = try await user.next()
      guard case .acknowledged = try await user.next() else { throw ScriptedPeer.Unexpected() }
    }
  }

  @Test func aCancelOfNothingGets481() async throws {
    try await withFront(.answers) { front, _ in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      try await peer.say(peer.request("CANCEL", branch: "none"))
      #expect(try await peer.hearResponse().status == 481)
    }
  }

  @Test(arguments: [SIPTransport.udp, .tcp]) func twoFrontsCallEachOther(_ transport: SIPTransport) async throws {
    try await withFront(.answers) { callee, calleeUser in
      try await withFront(.listens) { caller, callerUser in
        let target = try present(callee.boundAddress(transport))
        let uri = RequestURI("sip:3000@localhost:\(target.port);transport=\(transport.rawValue.lowercased())")
        let local = try #require(
          caller.localAddress(toward: SIPDestination(transport: transport, address: target)))
        #expect(local.address == caller.boundAddress(transport))
        let invite = SIPRequest(
          method: .invite, uri: uri,
          headers: [
            "Max-Forwards": "70", "From": "<sip:us@example.com>;tag=us", "To": "<sip:3000@example.com>",
            "Call-ID": "two", "CSeq": "1 INVITE", "Contact": "<sip:us@\(local.address)>",
          ])
        caller.send(invite, id: ClientTransactionID(rawValue: 1), destination: nil)
        var final: SIPResponse?
        while final == nil {
          guard case .response(let response, let id) = try await callerUser.next() else {
            throw ScriptedPeer.Unexpected()
          }
          #expect(id == ClientTransactionID(rawValue: 1))
          if response.status >= 200 { final = response }
        }
        var dialog = try Dialog(uac: invite, response: present(final))
        let destination = SIPDestination(transport: transport, address: target)
        caller.acknowledge(dialog.acknowledge(1), destination: destination)
        caller.send(dialog.makeRequest(.bye), id: ClientTransactionID(rawValue: 2), destination: destination)
        guard case .response(let response, _) = try await callerUser.next() else { throw ScriptedPeer.Unexpected() }
        #expect(response.status == 200 && response.headers.cSeq?.method == .bye)
        #expect(await calleeUser.acknowledgements == 1)
      }
    }
  }

  @Test func aCallThatIsCancelledBeforeItRingsSendsItsCancelLater() async throws {
    try await withFront(.listens) { front, user in
      let peer = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      let invite = SIPRequest(
        method: .invite, uri: RequestURI("sip:b@\(peer.address)"),
        headers: [
          "Max-Forwards": "70", "From": "<sip:us@example.com>;tag=us", "To": "<sip:b@example.com>", "Call-ID": "late",
          "CSeq": "1 INVITE",
        ])
      let id = ClientTransactionID(rawValue: 9)
      front.send(invite, id: id, destination: nil)
      let came = try await peer.hearRequest()
      #expect(came.headers.topVia?.host.address == .loopbackV4)
      front.cancel(id)
      try await peer.say(SIPResponse(status: 180, to: came, toTag: "b").encoded())
      var next = try await peer.hearRequest()
      while next.method == .invite { next = try await peer.hearRequest() }
      #expect(next.method == .cancel)
      #expect(next.headers.topVia?.branch == came.headers.topVia?.branch)
      try await peer.say(SIPResponse(status: 200, to: next, toTag: "b").encoded())
      try await peer.say(SIPResponse(status: 487, to: came, toTag: "b").encoded())
      #expect(try await peer.hearRequest().method == .ack)
      guard case .response(let ringing, id) = try await user.next(),
        case .response(let refusal, id) = try await user.next()
      else { throw ScriptedPeer.Unexpected() }
      #expect(ringing.status == 180 && refusal.status == 487)
    }
  }

  @Test func whoCannotBeReachedIsTold() async throws {
    try await withFront(.listens, configure: { $0.timers.t1 = .milliseconds(5) }) { front, user in
      func options(_ uri: String) -> SIPRequest {
        SIPRequest(
          method: .options, uri: RequestURI(uri),
          headers: [
            "Max-Forwards": "70", "From": "<sip:us@example.com>;tag=us", "To": "<sip:b@example.com>", "Call-ID": "no",
            "CSeq": "1 OPTIONS",
          ])
      }
      let silent = try await ScriptedPeer.udp(to: present(front.boundAddress(.udp)))
      let uris = [
        "sip:b@127.0.0.1:1;transport=tcp", "sip:b@[::1]:5060", "sips:b@127.0.0.1", "tel:+4912345",
        "sip:b@no-such-host.invalid", "sip:b@\(silent.address)",
      ]
      var failures: [UInt64: SignallingFailure] = [:]
      for (index, uri) in uris.enumerated() {
        front.send(options(uri), id: ClientTransactionID(rawValue: UInt64(index)), destination: nil)
        guard case .failed(let id, let failure) = try await user.next() else { throw ScriptedPeer.Unexpected() }
        failures[id.rawValue] = failure
      }
      #expect(failures.count == uris.count)
      #expect(failures[5] == .timeout)
      for index in 0..<5 { #expect(failures[UInt64(index)] != .timeout) }
    }
  }
}

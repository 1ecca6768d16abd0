import Primitives
import SDP
import SIP
import Testing

@testable import trialogue

/// The callers' user agent, in virtual time.
@Suite struct CallAgentTests {
  private func ending(_ server: ScriptedServer) -> CallEnding? {
    for case .ended(_, let ending) in server.told { return ending }
    return nil
  }

  /// A call that stands; the INVITE that began it.
  private func standing() throws -> (ScriptedServer, SIPRequest) {
    var server = ScriptedServer()
    server.call()
    let invite = try #require(server.last(.invite))
    server.answer(200, to: invite, body: ScriptedServer.description())
    return (server, invite)
  }

  @Test func aCallThatIsAnsweredStands() throws {
    var server = ScriptedServer()
    server.call()
    let invite = try #require(server.last(.invite))
    #expect(invite.uri.text == "sip:3000@conf.example")
    #expect(String(decoding: invite.body, as: UTF8.self).contains("m=audio 41000"))
    server.answer(180, to: invite)
    #expect(server.told.isEmpty)
    server.pass(.milliseconds(250))
    server.answer(200, to: invite, body: ScriptedServer.description())
    guard case .answered(let id, let audio, let after)? = server.told.first else {
      Issue.record("not answered: \(server.told)")
      return
    }
    #expect(id == CallerID(1) && after == 250_000_000)
    #expect(audio.remoteRTP == TransportAddress(ScriptedServer.address.ip, port: 5_000))
    #expect(server.last(.ack)?.headers.cSeq?.number == 1)
    // A 200 that comes again is acknowledged again, and told once.
    server.answer(200, to: invite, body: ScriptedServer.description())
    #expect(server.requests.count { $0.method == .ack } == 2)
    #expect(server.told.count == 1)
  }

  @Test func aBrowsersCallOffersWhatBrowsersOffer() throws {
    let dtls = LocalDTLS(
      ufrag: "ours", password: "ourPasswordOf22Letters", fingerprint: "sha-256 AA:BB",
      candidates: ["1 1 udp 2130706431 192.0.2.1 41000 typ host"], isLite: false)
    var server = ScriptedServer()
    server.call(security: .dtls(dtls))
    let invite = try #require(server.last(.invite))
    let offer = String(decoding: invite.body, as: UTF8.self)
    #expect(offer.contains("m=audio 41000 UDP/TLS/RTP/SAVPF"))
    for line in [
      "a=group:BUNDLE 0", "a=mid:0", "a=rtcp-mux", "a=setup:actpass", "a=ice-ufrag:ours", "a=end-of-candidates",
    ] {
      #expect(offer.contains(line + "\r\n"))
    }
    // A lite peer would wait for the server's checks, and the server for its.
    #expect(!offer.contains("ice-lite"))
    let answer = """
      v=0\r\no=- 1 1 IN IP4 198.51.100.1\r\ns=-\r\nc=IN IP4 198.51.100.1\r\nt=0 0\r\na=ice-lite\r\n\
      m=audio 10000 UDP/TLS/RTP/SAVPF 0\r\na=rtcp-mux\r\na=mid:0\r\na=setup:passive\r\na=ice-ufrag:theirs\r\n\
      a=ice-pwd:theirPasswordOf22Letters\r\na=fingerprint:sha-256 CC:DD\r\n\
      a=candidate:1 1 udp 2130706431 198.51.100.1 10000 typ host\r\n
      """
    server.answer(200, to: invite, body: answer)
    guard case .answered(_, let audio, _)? = server.told.first, case .dtls(let agreed) = audio.security else {
      Issue.record("not answered: \(server.told)")
      return
    }
    #expect(agreed.ufrag == "theirs" && agreed.isClient && agreed.candidates.count == 1)
  }

  @Test func overAWebSocketNothingIsRepeatedAndContactsSayHowTheyAreReached() throws {
    var server = ScriptedServer(transport: .ws)
    server.call()
    let invite = try #require(server.last(.invite))
    #expect(invite.headers.topVia?.transport == "WS")
    #expect(invite.headers["Contact"] == "<sip:caller1@192.0.2.1:40000;transport=ws>")
    server.pass(.seconds(5))
    #expect(server.requests.count == 1)
    server.answer(200, to: invite, body: ScriptedServer.description())
    #expect(server.requests.map(\.method) == [.invite, .ack])
  }

  @Test func withTheConnectionEveryCallEnds() throws {
    var server = ScriptedServer(transport: .ws)
    for id in 1...2 { server.call(id) }
    server.answer(200, to: try #require(server.last(.invite)), body: ScriptedServer.description())
    server.disconnect()
    let endings = server.told.compactMap { action -> CallEnding? in
      if case .ended(_, let ending) = action { ending } else { nil }
    }
    #expect(endings == [.local("gone"), .local("gone")] && server.agent.isIdle)
  }

  @Test func aPhonesAnswerToABrowserIsHungUp() throws {
    let dtls = LocalDTLS(
      ufrag: "ours", password: "ourPasswordOf22Letters", fingerprint: "sha-256 AA:BB", candidates: [], isLite: false)
    var server = ScriptedServer()
    server.call(security: .dtls(dtls))
    server.answer(200, to: try #require(server.last(.invite)), body: ScriptedServer.description())
    #expect(server.last(.bye) != nil)
  }

  @Test func hangingUpSaysByeAndEndsWithItsAnswer() throws {
    var (server, _) = try standing()
    server.hangUp()
    let bye = try #require(server.last(.bye))
    #expect(bye.headers.to?.tag == "s1")
    #expect(ending(server) == nil && !server.agent.isIdle)
    server.answer(200, to: bye)
    #expect(ending(server) == .ours && server.agent.isIdle)
    #expect(server.agent.dialogs.isEmpty)
  }

  @Test func aByeThatNobodyAnswersEndsTheCallAllTheSame() throws {
    var (server, _) = try standing()
    server.hangUp()
    server.pass(.seconds(40))
    #expect(ending(server) == .ours && server.agent.isIdle)
  }

  @Test func aRefusalIsToldWithItsStatus() throws {
    var server = ScriptedServer()
    server.call()
    server.answer(486, to: try #require(server.last(.invite)))
    #expect(ending(server) == .refused(status: 486, reason: "Busy Here"))
    #expect(server.agent.isIdle)
    #expect(server.last(.ack) != nil)
  }

  @Test func silenceEndsAfterThirtyTwoSeconds() {
    var server = ScriptedServer()
    server.call()
    server.pass(.seconds(31))
    #expect(server.told.isEmpty)
    #expect(server.requests.count > 5)
    server.pass(.seconds(2))
    #expect(ending(server) == .timeout && server.agent.isIdle)
  }

  @Test func aCallThatRingsIsCancelled() throws {
    var server = ScriptedServer()
    server.call()
    let invite = try #require(server.last(.invite))
    server.answer(180, to: invite)
    server.hangUp()
    let cancel = try #require(server.last(.cancel))
    server.answer(200, to: cancel)
    #expect(ending(server) == nil)
    server.answer(487, to: invite)
    #expect(ending(server) == .ours && server.agent.isIdle)
  }

  @Test func a200ThatCrossesTheCancelIsHungUp() throws {
    var server = ScriptedServer()
    server.call()
    let invite = try #require(server.last(.invite))
    server.answer(180, to: invite)
    server.hangUp()
    server.answer(200, to: invite, body: ScriptedServer.description())
    let bye = try #require(server.last(.bye))
    server.answer(200, to: bye)
    #expect(ending(server) == .ours && server.agent.isIdle)
    #expect(!server.told.contains { if case .answered = $0 { true } else { false } })
  }

  @Test func aChallengeIsAnsweredOnce() throws {
    let challenge = [("WWW-Authenticate", #"Digest realm="conf", nonce="abc", algorithm=SHA-256, qop="auth""#)]
    var server = ScriptedServer(credentials: AgentCredentials(username: "alice", secret: .password("wonderland")))
    server.call()
    server.answer(401, to: try #require(server.last(.invite)), headers: challenge)
    let second = try #require(server.last(.invite))
    #expect(second.headers.cSeq?.number == 2)
    let proof = try #require(second.headers["Authorization"])
    #expect(proof.contains(#"username="alice""#) && !proof.contains("wonderland"))
    #expect(server.told.isEmpty)
    server.answer(401, to: second, headers: challenge)
    #expect(ending(server) == .refused(status: 401, reason: "Unauthorized"))
  }

  @Test func withoutCredentialsAChallengeIsARefusal() throws {
    var server = ScriptedServer()
    server.call()
    server.answer(
      407, to: try #require(server.last(.invite)), headers: [("Proxy-Authenticate", #"Digest realm="r", nonce="n""#)])
    #expect(ending(server)?.isFailure == true)
    #expect(server.requests.count { $0.method == .invite } == 1)
  }

  @Test func theServersByeEndsTheCall() throws {
    var (server, invite) = try standing()
    server.ask(.bye, in: invite)
    #expect(server.responses.last?.status == 200)
    #expect(ending(server) == .theirs && server.agent.isIdle)
  }

  @Test func aByeOfAnotherDialogEndsNothing() throws {
    var (server, invite) = try standing()
    server.ask(.bye, in: invite, toTag: "forged")
    #expect(server.responses.last?.status == 481)
    #expect(ending(server) == nil && !server.agent.isIdle)
  }

  @Test func theServerMayMoveItsMedia() throws {
    var (server, invite) = try standing()
    server.ask(.invite, in: invite, body: ScriptedServer.description(port: 6_000))
    #expect(server.responses.last?.status == 200)
    guard case .moved(CallerID(1), let audio)? = server.told.last else {
      Issue.record("not moved: \(server.told)")
      return
    }
    #expect(audio.remoteRTP?.port == 6_000)
    // What the callers have no codec for is refused, and the call goes on.
    server.ask(.invite, in: invite, number: 2, body: ScriptedServer.description(payloadType: 18))
    #expect(server.responses.last?.status == 488)
    #expect(ending(server) == nil)
  }

  @Test func a200WithoutUsableMediaIsHungUp() throws {
    var server = ScriptedServer()
    server.call()
    server.answer(200, to: try #require(server.last(.invite)), body: "nonsense")
    let bye = try #require(server.last(.bye))
    server.answer(200, to: bye)
    #expect(ending(server)?.isFailure == true && server.agent.isIdle)
  }

  @Test func rubbishChangesNothing() throws {
    var (server, _) = try standing()
    let before = (server.requests.count, server.responses.count, server.told.count)
    for text in ["", "\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n", "BYE sip:x SIP/2.0\r\n\r\n", "\u{0}\u{1}"] {
      server.deliver(Array(text.utf8))
    }
    #expect(before == (server.requests.count, server.responses.count, server.told.count))
  }

  @Test func manyCallsAreKeptApart() throws {
    var server = ScriptedServer()
    for id in 1...20 { server.call(id) }
    let invites = server.requests.filter { $0.method == .invite }
    #expect(Set(invites.compactMap(\.headers.callID)).count == 20)
    for (index, invite) in invites.enumerated() {
      if index % 2 == 0 {
        server.answer(200, to: invite, body: ScriptedServer.description(port: 5_000 + 2 * index))
      } else {
        server.answer(503, to: invite)
      }
    }
    #expect(server.told.count { if case .answered = $0 { true } else { false } } == 10)
    #expect(server.told.count { if case .ended = $0 { true } else { false } } == 10)
    #expect(server.agent.calls.count == 10)
  }
}

import Application
import Primitives
import SIP
import Testing

/// RFC 4028 in calls, and what comes of requests of ours within them.
@Suite struct SessionTimerCallTests {
  static func timed(_ bench: CallBench, update: Bool = true) async -> Phone {
    await bench.established {
      $0.headers.append("Supported", "timer")
      $0.headers.append("Session-Expires", "100;refresher=uas")
      if update { $0.headers.append("Allow", "INVITE, UPDATE") }
    }
  }

  @Test func tooShortASessionIsAnsweredWithTheLeast() async {
    let bench = await CallBench { $0.sessionTimer = SessionTimerPolicy(interval: 1_800, minimum: 120) }
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Supported", "timer")
    invite.headers.append("Session-Expires", "90")
    let response = await bench.deliver(invite).last
    #expect(response?.status == 422)
    #expect(response?.headers.minSE == 120)
  }

  @Test func weRefreshByUpdateAtHalfOfTheInterval() async throws {
    let bench = await CallBench()
    _ = await Self.timed(bench)
    await bench.pass(.seconds(49))
    #expect(bench.wire.requests(.update).isEmpty)
    await bench.pass(.seconds(2))
    let update = try #require(bench.wire.requests(.update).first)
    #expect(update.request.headers["Session-Expires"] == nil || update.request.headers.sessionExpires != nil)
    await bench.answer(
      update, Phone.answer(200, to: update.request, headers: [("Session-Expires", "100;refresher=uac")]))
    await bench.pass(.seconds(51))
    #expect(bench.wire.requests(.update).count == 2)
    #expect(bench.wire.requests(.bye).isEmpty)
  }

  @Test func weRefreshByReInviteWhereUpdateIsNotKnown() async throws {
    let bench = await CallBench()
    _ = await Self.timed(bench, update: false)
    await bench.pass(.seconds(51))
    let invite = try #require(bench.wire.requests(.invite).first)
    #expect(!invite.request.body.isEmpty)
    await bench.answer(
      invite,
      Phone.answer(
        200, to: invite.request, body: Phone.offer, headers: [("Session-Expires", "100;refresher=uac")]))
    #expect(bench.wire.everything.acknowledgements.count == 1)
    // The 2xx comes again: so does the ACK.
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    #expect(bench.wire.everything.acknowledgements.count == 2)
    #expect(bench.wire.requests(.bye).isEmpty)
  }

  @Test func aSessionThatNobodyRefreshesEnds() async {
    let bench = await CallBench()
    _ = await bench.established {
      $0.headers.append("Supported", "timer")
      $0.headers.append("Session-Expires", "90;refresher=uac")
    }
    await bench.pass(.seconds(59))
    #expect(bench.wire.requests(.bye).isEmpty)
    await bench.pass(.seconds(2))
    #expect(bench.wire.requests(.bye).count == 1)
    #expect(await bench.told.last == .left(CallBench.leg, "session-expired"))
  }

  @Test func aGlareIsTriedAgainWithinTwoSecondsByTheCalledEnd() async throws {
    let bench = await CallBench()
    _ = await Self.timed(bench)
    await bench.pass(.seconds(51))
    let update = try #require(bench.wire.requests(.update).first)
    await bench.answer(update, Phone.answer(491, to: update.request))
    await bench.pass(.seconds(2))
    #expect(bench.wire.requests(.update).count == 2)
  }

  @Test func theCallerWhoMadeTheCallIDWaitsLonger() async throws {
    let bench = await CallBench { $0.dialsAnywhere = true }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000"))
    let invite = try #require(bench.wire.requests(.invite).first)
    await bench.answer(
      invite,
      Phone.answer(
        200, to: invite.request, body: Phone.offer,
        headers: [("Session-Expires", "100;refresher=uac"), ("Allow", "UPDATE")]))
    await bench.pass(.seconds(51))
    let update = try #require(bench.wire.requests(.update).first)
    await bench.answer(update, Phone.answer(491, to: update.request))
    await bench.pass(.seconds(2))
    #expect(bench.wire.requests(.update).count == 1)
    await bench.pass(.seconds(2))
    #expect(bench.wire.requests(.update).count == 2)
  }

  @Test func aReInviteThatMeetsOursGets491() async throws {
    let bench = await CallBench()
    var phone = await Self.timed(bench, update: false)
    await bench.pass(.seconds(51))
    #expect(bench.wire.requests(.invite).count == 1)
    #expect(await bench.deliver(phone.next(.invite, body: Phone.offer("sendrecv"))).map(\.status) == [491])
  }

  @Test func aRefreshThatNobodyKnowsEndsTheCall() async throws {
    let bench = await CallBench()
    _ = await Self.timed(bench)
    await bench.pass(.seconds(51))
    let update = try #require(bench.wire.requests(.update).first)
    await bench.answer(update, Phone.answer(481, to: update.request))
    #expect(await bench.told.last == .left(CallBench.leg, "481"))
    #expect(bench.wire.requests(.bye).count == 1)
  }

  @Test func anUpdateThatIsNotAllowedBecomesAReInvite() async throws {
    let bench = await CallBench()
    _ = await Self.timed(bench)
    await bench.pass(.seconds(51))
    let update = try #require(bench.wire.requests(.update).first)
    await bench.answer(update, Phone.answer(405, to: update.request))
    await bench.pass(.milliseconds(10))
    #expect(bench.wire.requests(.invite).count == 1)
  }
}

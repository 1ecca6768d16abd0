import Application
import Conference
import Primitives
import SIP
import Testing

@Suite struct OutgoingCallTests {
  static let request = DialRequest(
    uri: "sip:bob@203.0.113.9:5064", room: "3000", headers: ["X-Ticket": "77"], context: ["cart": "3 & more"])

  static func dialling(
    _ request: DialRequest = request, _ change: (inout CallSettings) -> Void = { $0.dialsAnywhere = true }
  ) async throws -> (CallBench, RecordedWire.Sent) {
    let bench = await CallBench(change)
    _ = try await bench.calls.dial(request)
    return (bench, try #require(bench.wire.requests(.invite).first))
  }

  @Test func aDialledCallRingsIsAnsweredAndJoins() async throws {
    let (bench, invite) = try await Self.dialling()
    #expect(invite.request.uri.text == "sip:bob@203.0.113.9:5064")
    #expect(invite.request.headers["X-Ticket"] == "77")
    #expect(invite.request.headers["X-Call-Cart"] == "3%20%26%20more")
    #expect(invite.request.headers.from?.uri.text == "sip:conference@conf.example")
    #expect(invite.request.headers["Contact"]?.hasSuffix(";isfocus") == true)
    #expect(invite.request.headers.supported.contains("100rel"))
    // Who watches knows of it, with its context, while it rings.
    let before = await bench.drainEvents()
    #expect(before.map(\.name) == ["call-attempt"])
    #expect(before.first?.values["context.cart"] == "3 & more")
    await bench.answer(invite, Phone.answer(180, to: invite.request))
    #expect(await bench.calls.calls().map(\.state) == [.ringing])
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    #expect(bench.wire.everything.acknowledgements.count == 1)
    #expect(await bench.told.dropFirst() == [.agreed(CallBench.leg, .sendReceive), .connected(CallBench.leg)])
    #expect(await bench.calls.calls().map(\.state) == [.answered])
    #expect(await bench.drainEvents().map(\.name) == ["call-start"])
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    let bye = try #require(bench.wire.requests(.bye).first)
    #expect(bye.request.uri.text == "sip:bob@203.0.113.9:5064")
    #expect(bye.request.headers.to?.tag == "b1")
  }

  @Test func aRepeated200IsAcknowledgedAgainAndAForksOtherBranchHungUp() async throws {
    let (bench, invite) = try await Self.dialling()
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    #expect(bench.wire.everything.acknowledgements.count == 2)
    await bench.answer(invite, Phone.answer(200, to: invite.request, tag: "b2", body: Phone.offer))
    #expect(bench.wire.everything.acknowledgements.count == 3)
    let byes = bench.wire.requests(.bye)
    #expect(byes.map { $0.request.headers.to?.tag } == ["b2"])
    #expect(await bench.calls.calls().map(\.state) == [.answered])
  }

  @Test func nobodyAnsweringEndsInACancel() async throws {
    var request = Self.request
    request.timeout = 10
    let (bench, invite) = try await Self.dialling(request)
    await bench.answer(invite, Phone.answer(180, to: invite.request))
    await bench.pass(.seconds(11))
    #expect(bench.wire.everything.cancelled == [invite.id])
    #expect(await bench.told.last == .left(CallBench.leg, "no-answer"))
    // The 200 crossed the CANCEL: it is acknowledged and hung up.
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    #expect(bench.wire.everything.acknowledgements.count == 1)
    #expect(bench.wire.requests(.bye).count == 1)
    #expect(await bench.calls.calls().map(\.state) == [.ended])
  }

  @Test(arguments: [302, 404, 486, 603])
  func aRefusalEndsTheCallWithItsStatus(status: Int) async throws {
    let (bench, invite) = try await Self.dialling()
    await bench.answer(
      invite, Phone.answer(status, to: invite.request, headers: [("Contact", "<sip:0900@premium.example>")]))
    #expect(bench.wire.requests(.invite).count == 1)
    #expect(await bench.told.last == .left(CallBench.leg, "\(status)"))
    #expect(await bench.drainEvents().last?.values["cause"] == "\(status)")
  }

  @Test func aPeerThatCannotBeReachedEndsTheCall() async throws {
    let (bench, invite) = try await Self.dialling()
    await bench.calls.receive(.failed(invite.id, .unreachable(reason: "no route")))
    #expect(await bench.told.last == .left(CallBench.leg, "unreachable"))
  }

  @Test func anAnswerWithoutACodecOfOursIsHungUp() async throws {
    let (bench, invite) = try await Self.dialling()
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.strangeOffer))
    #expect(bench.wire.everything.acknowledgements.count == 1)
    #expect(bench.wire.requests(.bye).count == 1)
    #expect(await bench.told.last == .left(CallBench.leg, "no-codec"))
  }

  @Test func aReliableProvisionalIsAcknowledgedAndItsAnswerCounts() async throws {
    let (bench, invite) = try await Self.dialling()
    let reliable: [(name: String, value: String)] = [("Require", "100rel"), ("RSeq", "5")]
    let progress = Phone.answer(183, to: invite.request, body: Phone.offer, headers: reliable)
    await bench.answer(invite, progress)
    await bench.answer(invite, progress)
    let pracks = bench.wire.requests(.prack)
    #expect(pracks.count == 1)
    #expect(pracks.first?.request.headers["RAck"] == "5 1 INVITE")
    await bench.answer(invite, Phone.answer(200, to: invite.request))
    #expect(await bench.told.last == .connected(CallBench.leg))
    // The dialog's numbers went on with the PRACK.
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    #expect(bench.wire.requests(.bye).first?.request.headers.cSeq?.number == 3)
  }

  @Test func aLongerSessionIsAskedForOnce() async throws {
    let (bench, invite) = try await Self.dialling()
    await bench.answer(invite, Phone.answer(422, to: invite.request, headers: [("Min-SE", "3600")]))
    let again = try #require(bench.wire.requests(.invite).last)
    #expect(again.request.headers.minSE == 3_600)
    #expect(again.request.headers.cSeq?.number == 2)
    #expect(again.request.headers.from?.tag == invite.request.headers.from?.tag)
    await bench.answer(again, Phone.answer(422, to: again.request, headers: [("Min-SE", "7200")]))
    #expect(bench.wire.requests(.invite).count == 2)
    #expect(await bench.told.last == .left(CallBench.leg, "422"))
  }
}

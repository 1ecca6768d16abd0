import Application
import Conference
import Primitives
import SIP
import Testing

@Suite struct InDialogTests {
  @Test func aForeignDialogIsRefused() async {
    let bench = await CallBench()
    var phone = await bench.established()
    phone.toTag = "forged"
    for method in [SIPMethod.bye, .invite, .refer, .info, .update] {
      #expect(await bench.deliver(phone.next(method)).map(\.status) == [481])
    }
    phone = await bench.established { $0.headers.set("Call-ID", "call-3") }
    phone.callID = "call-3"
    phone.tag = "other"
    #expect(await bench.deliver(phone.next(.bye)).map(\.status) == [481])
    #expect(await bench.calls.calls().filter { $0.state == .answered }.count == 2)
  }

  @Test func aRequestOutOfOrderIsRefused() async {
    let bench = await CallBench()
    let phone = await bench.established()
    #expect(await bench.deliver(phone.request(.info, number: 1)).map(\.status) == [500])
  }

  @Test func holdAndResumeReachTheRoom() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    await bench.reception.clear()
    let held = try #require(await bench.deliver(phone.next(.invite, body: Phone.offer("sendonly"))).last)
    #expect(held.status == 200)
    #expect(String(decoding: held.body, as: UTF8.self).contains("a=recvonly"))
    await bench.deliver(phone.ack())
    #expect(await bench.told == [.agreed(CallBench.leg, .receiveOnly), .held(CallBench.leg, true)])
    await bench.deliver(phone.next(.invite, body: Phone.offer("sendrecv", version: 3)))
    await bench.deliver(phone.ack())
    #expect(await bench.told.suffix(2) == [.agreed(CallBench.leg, .sendReceive), .held(CallBench.leg, false)])
  }

  @Test func aChangeOfCodecReachesTheMedia() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    let offer = Phone.offer("sendrecv").replacing("RTP/AVP 0 101", with: "RTP/AVP 8 101")
    #expect(await bench.deliver(phone.next(.update, body: offer)).map(\.status) == [200])
    let plan = try #require(await bench.reception.plans.last)
    #expect(plan.audio.send.payloadType == 8)
  }

  @Test func aRefusedOfferLeavesTheSessionAsItWas() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    let count = await bench.told.count
    var moved = phone.next(.invite, body: Phone.strangeOffer)
    moved.headers.set("Contact", "<sip:elsewhere@203.0.113.77>")
    #expect(await bench.deliver(moved).map(\.status) == [488])
    await bench.deliver(phone.ack())
    #expect(await bench.told.count == count)
    // Neither has the target moved.
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    #expect(bench.wire.requests(.bye).first?.request.uri.text == "sip:alice@198.51.100.7:5062")
  }

  @Test func anAcceptedReInviteMovesTheTarget() async {
    let bench = await CallBench()
    var phone = await bench.established()
    var moved = phone.next(.invite, body: Phone.offer("sendrecv"))
    moved.headers.set("Contact", "<sip:alice@198.51.100.99>")
    #expect(await bench.deliver(moved).map(\.status) == [200])
    await bench.deliver(phone.ack())
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    #expect(bench.wire.requests(.bye).first?.request.uri.text == "sip:alice@198.51.100.99")
  }

  @Test func aReInviteWithoutAnOfferGetsOurs() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    let ok = try #require(await bench.deliver(phone.next(.invite)).last)
    #expect(ok.headers.contentType == .sdp)
    // Until the ACK brings the answer nobody else may offer.
    let acknowledgement = phone
    #expect(await bench.deliver(phone.next(.update, body: Phone.offer("sendrecv"))).map(\.status) == [491])
    await bench.deliver(acknowledgement.ack(body: Phone.offer("sendonly")))
    #expect(await bench.told.last == .held(CallBench.leg, true))
  }

  @Test func theReInvites200ComesAgainToo() async {
    let bench = await CallBench()
    var phone = await bench.established()
    let again = phone.next(.invite, body: Phone.offer("sendrecv"))
    await bench.deliver(again)
    await bench.pass(.milliseconds(600))
    #expect(bench.wire.responses(in: Phone.transaction(again)).count == 2)
  }

  @Test func anUpdateWithoutOfferRefreshes() async {
    let bench = await CallBench()
    var phone = await bench.established()
    var update = phone.next(.update)
    update.headers.append("Supported", "timer")
    update.headers.append("Session-Expires", "90;refresher=uac")
    let response = await bench.deliver(update).last
    #expect(response?.status == 200)
    #expect(response?.headers["Session-Expires"] == "90;refresher=uac")
    #expect(response?.headers.require == ["timer"])
    #expect(response?.body.isEmpty == true)
  }

  @Test(arguments: [
    ("application/dtmf-relay", "Signal=5\r\nDuration=160\r\n", DTMFDigit.five), ("application/dtmf", "#", .pound),
    ("application/dtmf-relay", "Signal= *\r\n", .star), ("application/dtmf-relay", "signal=11", .pound),
    ("application/dtmf", "d", .d),
  ])
  func digitsComeByInfo(type: String, body: String, digit: DTMFDigit) async {
    let bench = await CallBench()
    var phone = await bench.established()
    #expect(await bench.deliver(phone.next(.info, body: body, type: type)).map(\.status) == [200])
    #expect(await bench.told.last == .digit(CallBench.leg, digit))
  }

  @Test func anInfoThatIsNotUnderstoodIsRefused() async {
    let bench = await CallBench()
    var phone = await bench.established()
    let count = await bench.told.count
    let strange = await bench.deliver(phone.next(.info, body: "x", type: "text/plain")).last
    #expect(strange?.status == 415)
    #expect(strange?.headers.accept.count == 2)
    #expect(
      await bench.deliver(phone.next(.info, body: "Signal=50", type: "application/dtmf-relay")).last?.status == 400)
    #expect(await bench.deliver(phone.next(.info)).last?.status == 200)
    var package = phone.next(.info, body: "x", type: "text/plain")
    package.headers.append("Info-Package", "foo")
    #expect(await bench.deliver(package).last?.status == 469)
    #expect(await bench.told.count == count)
  }

  @Test func nobodyNotifiesUs() async {
    let bench = await CallBench()
    var phone = await bench.established()
    var notify = phone.next(.notify)
    notify.headers.append("Event", "refer")
    #expect(await bench.deliver(notify).last?.status == 481)
    var other = phone.next(.notify)
    other.headers.append("Event", "keep-alive")
    #expect(await bench.deliver(other).last?.status == 489)
  }
}

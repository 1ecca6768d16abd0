import Application
import Conference
import Primitives
import SIP
import Testing

@Suite struct IncomingCallTests {
  @Test func aCallIsSeatedAnsweredAndGreeted() async throws {
    let bench = await CallBench()
    var phone = Phone()
    let responses = await bench.deliver(phone.invite())
    #expect(responses.map(\.status) == [180, 200])
    let ok = try #require(responses.last)
    #expect(ok.headers.to?.tag == responses.first?.headers.to?.tag)
    #expect(ok.headers["Contact"] == "<sip:3000@192.0.2.1:5060>;isfocus")
    #expect(ok.headers.allow.contains("UPDATE"))
    #expect(ok.headers["Server"] == "Trialogue")
    #expect(String(decoding: ok.body, as: UTF8.self).contains("m=audio 20002 RTP/AVP 0 101"))
    let told = await bench.told
    #expect(told.dropFirst() == [.agreed(CallBench.leg, .sendReceive), .connected(CallBench.leg)])
    let events = await bench.drainEvents()
    #expect(events.map(\.name) == ["call-attempt", "call-start"])
    #expect(events.last?.values["room"] == "3000")
  }

  @Test func the200ComesAgainUntilItIsAcknowledged() async {
    let bench = await CallBench()
    var phone = Phone()
    let invite = phone.invite()
    let first = await bench.deliver(invite)
    phone.learn(first.last)
    await bench.pass(.milliseconds(500))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).map(\.status) == [180, 200, 200])
    await bench.pass(.seconds(1))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).count == 4)
    await bench.deliver(phone.ack())
    await bench.pass(.seconds(40))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).count == 4)
    #expect(bench.wire.requests(.bye).isEmpty)
  }

  @Test func aCallThatIsNeverAcknowledgedEndsWithABye() async {
    let bench = await CallBench()
    var phone = Phone()
    await bench.deliver(phone.invite())
    await bench.pass(.seconds(33))
    #expect(bench.wire.requests(.bye).count == 1)
    #expect(await bench.told.last == .left(CallBench.leg, "no-ack"))
  }

  @Test func theCallersByeEndsTheCall() async {
    let bench = await CallBench()
    var phone = await bench.established()
    let responses = await bench.deliver(phone.next(.bye))
    #expect(responses.map(\.status) == [200])
    #expect(await bench.told.last == .left(CallBench.leg, "hangup"))
    let ends = await bench.drainEvents().filter { $0.name == "call-end" }
    #expect(ends.map { $0.values["cause"] } == ["hangup"])
    // It is remembered for who asks, and says so.
    let list = await bench.calls.calls()
    #expect(list.map(\.state) == [.ended])
    #expect(await bench.deliver(phone.next(.bye)).map(\.status) == [481])
    await bench.pass(.seconds(700))
    #expect(await bench.calls.calls().isEmpty)
  }

  @Test func anOfferInThe200IsAnsweredInTheAck() async throws {
    let bench = await CallBench()
    var phone = Phone()
    let responses = await bench.deliver(phone.invite(body: nil))
    let ok = try #require(responses.last)
    #expect(ok.headers.contentType?.name == "application/sdp")
    #expect(await bench.told.count == 1)
    phone.learn(ok)
    await bench.deliver(phone.ack(body: Phone.offer))
    #expect(
      await bench.told.dropFirst() == [.agreed(CallBench.leg, .sendReceive), .connected(CallBench.leg)])
  }

  @Test func anAckWithoutTheAnswerEndsTheCall() async {
    let bench = await CallBench()
    var phone = Phone()
    phone.learn(await bench.deliver(phone.invite(body: nil)).last)
    await bench.deliver(phone.ack())
    #expect(bench.wire.requests(.bye).count == 1)
    #expect(await bench.told.last == .left(CallBench.leg, "no-codec"))
  }

  @Test func aCallerWhoRequires100relIsAnsweredAfterItsPrack() async throws {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Require", "100rel")
    let ringing = await bench.deliver(invite)
    #expect(ringing.map(\.status) == [180])
    let number = try #require(ringing[0].headers.rSeq)
    #expect(ringing[0].headers.require == ["100rel"])
    await bench.pass(.milliseconds(600))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).count == 2)
    phone.learn(ringing[0])
    let cSeq = try #require(invite.headers.cSeq)
    var wrong = phone.next(.prack)
    wrong.headers.append("RAck", "\(number &+ 1) \(cSeq)")
    #expect(await bench.deliver(wrong).map(\.status) == [481])
    var prack = phone.next(.prack)
    prack.headers.append("RAck", "\(number) \(cSeq)")
    #expect(await bench.deliver(prack).map(\.status) == [200])
    #expect(bench.wire.responses(in: Phone.transaction(invite)).last?.status == 200)
  }

  @Test func withoutAPrackTheInviteIsRefused() async {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Require", "100rel")
    await bench.deliver(invite)
    await bench.pass(.seconds(33))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).last?.status == 504)
    #expect(await bench.told.last == .left(CallBench.leg, "504"))
  }

  @Test func aReliable180CarriesOurOfferIfTheInviteHadNone() async throws {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite(body: nil)
    invite.headers.append("Require", "100rel")
    let ringing = try #require(await bench.deliver(invite).first)
    #expect(!ringing.body.isEmpty)
    phone.learn(ringing)
    var prack = phone.next(.prack, body: Phone.offer)
    prack.headers.append("RAck", "\(try #require(ringing.headers.rSeq)) \(try #require(invite.headers.cSeq))")
    #expect(await bench.deliver(prack).map(\.status) == [200])
    let ok = try #require(bench.wire.responses(in: Phone.transaction(invite)).last)
    #expect(ok.status == 200)
    #expect(ok.body.isEmpty)
    #expect(await bench.told.last == .connected(CallBench.leg))
  }

  @Test(arguments: [
    ("sip:9999@conf.example", 404), ("sip:0900123@conf.example", 403), ("sip:conf.example", 484),
    ("sip:conf=@conf.example", 484), ("tel:+4912345", 416), ("sip:3000@conf.example?Subject=x", 400),
    ("sip:annc@conf.example", 404), ("sip:4930123@conf.example", 404),
  ])
  func aURIThatLeadsNowhereIsRefused(target: String, status: Int) async {
    let bench = await CallBench()
    var phone = Phone()
    phone.target = target
    #expect(await bench.deliver(phone.invite()).map(\.status) == [status])
    #expect(await bench.told.isEmpty)
  }

  @Test(arguments: [
    ("sip:conf=3001@conf.example", RouteTarget.room("3001")), ("sip:entry@conf.example", .entry),
    ("sip:echo@conf.example", .echo), ("sip:annc@conf.example;play=welcome", .announcement("welcome")),
    ("sip:9197@conf.example", .announcement("demo")), ("sip:support@conf.example", .room("support")),
  ])
  func theServicesAreReached(target: String, destination: RouteTarget) async {
    let bench = await CallBench()
    var phone = Phone()
    phone.target = target
    #expect(await bench.deliver(phone.invite()).last?.status == 200)
    guard case .seated(let member)? = await bench.told.first else {
      Issue.record("nobody was seated")
      return
    }
    #expect(member.destination == destination)
  }

  @Test func whatTheRoomRefusesIsTheAnswer() async {
    let bench = await CallBench()
    await bench.reception.refuse(SeatRefusal(status: 486, reason: "Room is full", retryAfter: 30))
    var phone = Phone()
    let response = await bench.deliver(phone.invite()).last
    #expect(response?.status == 486)
    #expect(response?.headers.retryAfter == 30)
    #expect(await bench.drainEvents().map(\.name) == ["call-attempt", "call-end"])
  }

  @Test func withoutPortsTheCallIsRefusedAndTheSeatGivenBack() async {
    let bench = await CallBench()
    bench.media.refuse(.noPorts(reason: "none left"))
    var phone = Phone()
    let response = await bench.deliver(phone.invite()).last
    #expect(response?.status == 503)
    #expect(response?.headers.retryAfter != nil)
    #expect(await bench.told.last == .left(CallBench.leg, "no-media"))
  }

  @Test(arguments: [
    (Phone.strangeOffer, "application/sdp", 488), ("v=0\r\nm=nonsense\r\n", "application/sdp", 400),
    ("hello", "text/plain", 415), (String(repeating: "a=x\r\n", count: 20_000), "application/sdp", 413),
  ])
  func anOfferThatCannotBeTakenIsRefused(body: String, type: String, status: Int) async {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite(body: body)
    invite.headers.set("Content-Type", type)
    let response = await bench.deliver(invite).last
    #expect(response?.status == status)
    if status == 415 { #expect(response?.headers.accept.first == .sdp) }
    if status == 488 { #expect(await bench.told.last == .left(CallBench.leg, "no-codec")) }
  }

  @Test func theOfferMayStandInAMultipartBody() async {
    let bench = await CallBench()
    var phone = Phone()
    let body =
      "--x\r\nContent-Type: text/plain\r\n\r\nhello\r\n--x\r\nContent-Type: application/sdp\r\n\r\n"
      + Phone.offer + "\r\n--x--\r\n"
    var invite = phone.invite(body: body)
    invite.headers.set("Content-Type", "multipart/mixed;boundary=x")
    #expect(await bench.deliver(invite).last?.status == 200)
  }

  @Test func anExtensionThatIsNotKnownIsNamed() async {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Require", "join, timer")
    let response = await bench.deliver(invite).last
    #expect(response?.status == 420)
    #expect(response?.headers["Unsupported"] == "join")
  }

  @Test func aCallerWhoTakesNoSDPGets406() async {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Accept", "text/plain")
    #expect(await bench.deliver(invite).last?.status == 406)
  }

  @Test func theSameInviteByAnotherWayIsMerged() async {
    let bench = await CallBench()
    var phone = Phone()
    let invite = phone.invite()
    await bench.deliver(invite)
    var other = invite
    other.headers.set("Via", "SIP/2.0/UDP 198.51.100.7:5062;branch=z9hG4bK-other-way")
    #expect(await bench.deliver(other).map(\.status) == [482])
  }

  @Test func aCallToBePassedOnNeedsAHop() async {
    let bench = await CallBench()
    var phone = Phone()
    phone.target = "sip:4930123@conf.example"
    var invite = phone.invite()
    invite.headers.set("Max-Forwards", "0")
    #expect(await bench.deliver(invite).last?.status == 483)
    // A room is the end of the way: RFC 4475, section 3.3.11.
    var other = Phone(callID: "call-2")
    var toRoom = other.invite()
    toRoom.headers.set("Max-Forwards", "0")
    #expect(await bench.deliver(toRoom).last?.status == 200)
  }

  @Test func moreCallsThanAllowedAreRefusedAndTold() async {
    let bench = await CallBench { $0.maximumCalls = 1 }
    _ = await bench.established()
    _ = await bench.drainEvents()
    for number in 2...5 {
      var phone = Phone(callID: "call-\(number)")
      let response = await bench.deliver(phone.invite()).last
      #expect(response?.status == 503)
      #expect(response?.headers.retryAfter != nil)
    }
    // One event for a flood.
    #expect(await bench.drainEvents().map(\.name) == ["limit"])
  }

  @Test func aDrainingServerTakesNoCalls() async {
    let bench = await CallBench()
    var old = await bench.established()
    await bench.calls.drain()
    var phone = Phone(callID: "call-2")
    let response = await bench.deliver(phone.invite()).last
    #expect(response?.status == 503)
    #expect(response?.headers.retryAfter != nil)
    #expect(await bench.deliver(phone.request(.options, number: 9)).last?.status == 503)
    // What is there goes on.
    #expect(await bench.deliver(old.next(.options)).last?.status == 200)
  }

  @Test func optionsTellWhatWeCanDo() async throws {
    let bench = await CallBench()
    let phone = Phone()
    let response = try #require(await bench.deliver(phone.request(.options, number: 1)).last)
    #expect(response.status == 200)
    for name in ["Allow", "Accept", "Supported", "Allow-Events", "Server"] { #expect(response.headers.has(name)) }
    #expect(response.headers.to?.tag != nil)
  }

  @Test(arguments: [("PUBLISH", 405), ("FOO", 501), ("BYE", 481), ("INFO", 481), ("NOTIFY", 481)])
  func whatIsNotDoneIsSaid(method: String, status: Int) async {
    let bench = await CallBench()
    let response = await bench.deliver(Phone().request(SIPMethod(method), number: 1)).last
    #expect(response?.status == status)
    if status == 405 { #expect(response?.headers.allow.contains("INVITE") == true) }
  }

  @Test func aV6OfferGetsV6Ports() async throws {
    let bench = await CallBench()
    var phone = Phone()
    let body = Phone.offer.replacing("IP4 198.51.100.7", with: "IP6 2001:db8::7")
    let ok = try #require(await bench.deliver(phone.invite(body: body)).last)
    #expect(String(decoding: ok.body, as: UTF8.self).contains("c=IN IP6 ::1"))
  }

  @Test func requestsToAPhoneBehindATranslatorGoBackWhereItCalledFrom() async {
    let bench = await CallBench()
    var phone = Phone()
    phone.host = "10.0.0.5:5060"
    phone.learn(await bench.deliver(phone.invite()).last)
    await bench.deliver(phone.ack())
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    #expect(bench.wire.requests(.bye).first?.destination?.address == Phone.address)
  }
}

import Application
import Conference
import Primitives
import SIP
import Testing

@Suite struct TransferTests {
  static func refer(_ phone: inout Phone, to target: String, _ change: (inout SIPRequest) -> Void = { _ in })
    -> SIPRequest
  {
    var request = phone.next(.refer)
    request.headers.append("Refer-To", target)
    change(&request)
    return request
  }

  static func reports(_ bench: CallBench) -> [String] {
    bench.wire.requests(.notify).map { String(decoding: $0.request.body, as: UTF8.self) }
  }

  @Test func aMemberMovesItselfToAnotherRoom() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    let refer = Self.refer(&phone, to: "<sip:3001@conf.example>")
    let response = await bench.deliver(refer).last
    #expect(response?.status == 202)
    #expect(await bench.told.last == .transferred(CallBench.leg, "3001"))
    #expect(Self.reports(bench) == ["SIP/2.0 100 Trying\r\n", "SIP/2.0 200 OK\r\n"])
    let last = try #require(bench.wire.requests(.notify).last)
    #expect(last.request.headers.event == EventPackage(name: "refer", id: String(phone.number)))
    #expect(last.request.headers.subscriptionState?.state == "terminated")
    #expect(last.request.headers.contentType?.name == "message/sipfrag")
    #expect(await bench.calls.calls().map(\.room) == ["3001"])
  }

  @Test func theRoomMayBeNamedByOurAddress() async {
    let bench = await CallBench()
    var phone = await bench.established()
    #expect(await bench.deliver(Self.refer(&phone, to: "<sip:3001@192.0.2.1:5060>")).last?.status == 202)
    #expect(await bench.told.last == .transferred(CallBench.leg, "3001"))
  }

  @Test func aMoveThatTheRoomRefusesIsReported() async {
    let bench = await CallBench()
    var phone = await bench.established()
    await bench.reception.refuse(SeatRefusal(status: 403, reason: "Room is locked"))
    await bench.deliver(Self.refer(&phone, to: "<sip:3001@conf.example>"))
    #expect(Self.reports(bench).last == "SIP/2.0 403 Forbidden\r\n")
    #expect(await bench.calls.calls().map(\.state) == [.answered])
  }

  @Test func guestsDialNobodyByRefer() async {
    let bench = await CallBench()
    var phone = await bench.established()
    for target in ["<sip:bob@203.0.113.9>", "<sip:4930123@conf.example>"] {
      #expect(await bench.deliver(Self.refer(&phone, to: target)).last?.status == 403)
    }
    #expect(bench.wire.requests(.invite).isEmpty)
  }

  @Test func aGuestWhoMayReferStillNeedsARoute() async {
    let bench = await CallBench { $0.guestsMayRefer = true }
    var phone = await bench.established()
    #expect(await bench.deliver(Self.refer(&phone, to: "<sip:bob@203.0.113.9>")).last?.status == 403)
    #expect(await bench.deliver(Self.refer(&phone, to: "<sip:0900123@conf.example>")).last?.status == 403)
    #expect(await bench.deliver(Self.refer(&phone, to: "<sip:4930123@conf.example>")).last?.status == 202)
    #expect(bench.wire.requests(.invite).count == 1)
  }

  @Test func whoIsReferredToIsCalledIntoTheRoomAndReported() async throws {
    let bench = await CallBench { $0.dialsAnywhere = true }
    var phone = await bench.established()
    await bench.reception.move(CallBench.leg, to: "3005")
    let target = "<sip:bob@203.0.113.9?Replaces=abc%3Bto-tag%3D1%3Bfrom-tag%3D2>"
    let refer = Self.refer(&phone, to: target) { $0.headers.append("Referred-By", "<sip:alice@198.51.100.7>") }
    #expect(await bench.deliver(refer).last?.status == 202)
    let invite = try #require(bench.wire.requests(.invite).first)
    #expect(invite.request.uri.text == "sip:bob@203.0.113.9")
    #expect(invite.request.headers.replaces?.callID == "abc")
    #expect(invite.request.headers["Referred-By"] == "<sip:alice@198.51.100.7>")
    // The room where the member is now, not where its call began.
    guard case .seated(let member)? = await bench.told.last else {
      Issue.record("nobody was seated")
      return
    }
    #expect(member.destination == .room("3005"))
    await bench.answer(invite, Phone.answer(180, to: invite.request))
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    #expect(
      Self.reports(bench) == ["SIP/2.0 100 Trying\r\n", "SIP/2.0 180 Ringing\r\n", "SIP/2.0 200 OK\r\n"])
  }

  @Test func aRefusalOfTheCalledPartyIsReported() async throws {
    let bench = await CallBench { $0.dialsAnywhere = true }
    var phone = await bench.established()
    await bench.deliver(Self.refer(&phone, to: "<sip:bob@203.0.113.9>"))
    let invite = try #require(bench.wire.requests(.invite).first)
    await bench.answer(invite, Phone.answer(486, to: invite.request))
    #expect(Self.reports(bench).last == "SIP/2.0 486 Busy Here\r\n")
    #expect(bench.wire.requests(.notify).last?.request.headers.subscriptionState?.state == "terminated")
  }

  @Test func whoWantsNoReportsGetsNone() async {
    let bench = await CallBench()
    var phone = await bench.established()
    let refer = Self.refer(&phone, to: "<sip:3001@conf.example>") { $0.headers.append("Refer-Sub", "false") }
    let response = await bench.deliver(refer).last
    #expect(response?.headers["Refer-Sub"] == "false")
    #expect(bench.wire.requests(.notify).isEmpty)
    #expect(await bench.told.last == .transferred(CallBench.leg, "3001"))
  }

  @Test(arguments: [
    ("<tel:+4930123>", 416), ("nonsense", 400), ("<sip:3001@conf.example;method=BYE>", 403), ("", 400),
  ])
  func aTargetThatCannotBeReferredToIsRefused(target: String, status: Int) async {
    let bench = await CallBench()
    var phone = await bench.established()
    #expect(await bench.deliver(Self.refer(&phone, to: target)).last?.status == status)
  }

  @Test func transfersOfOneCallAreFew() async {
    let bench = await CallBench { $0.dialsAnywhere = true }
    var phone = await bench.established()
    var statuses: [Int?] = []
    for number in 0..<6 {
      statuses.append(await bench.deliver(Self.refer(&phone, to: "<sip:b\(number)@203.0.113.9>")).last?.status)
    }
    #expect(statuses == [202, 202, 202, 202, 403, 403])
  }

  @Test func aUserMayHaveTheRoomCallSomebody() async throws {
    let bench = await CallBench(Login.settings)
    await bench.reception.open("3000")
    var login = Login(bench)
    let response = await login.send(.refer) { $0.headers.append("Refer-To", "<sip:4930123@conf.example>") }.last
    #expect(response?.status == 202)
    let invite = try #require(bench.wire.requests(.invite).first)
    #expect(invite.request.headers.from?.uri.sip?.user == "3000")
    await bench.answer(invite, Phone.answer(200, to: invite.request, body: Phone.offer))
    #expect(Self.reports(bench) == ["SIP/2.0 100 Trying\r\n", "SIP/2.0 200 OK\r\n"])
    let notify = try #require(bench.wire.requests(.notify).last)
    #expect(notify.request.headers.from?.tag == response?.headers.to?.tag)
  }
}

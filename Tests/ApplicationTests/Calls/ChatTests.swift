import Conference
import Primitives
import SIP
import Testing

@testable import Application

/// Chat by MESSAGE (RFC 3428): who may write, who reads.
@Suite struct ChatTests {
  /// Another phone in the same room; `allow` is what it says that it takes.
  private func join(
    _ bench: CallBench, _ name: String, room: String = "3000", allow: String? = "INVITE, MESSAGE"
  ) async -> Phone {
    var phone = Phone()
    (phone.user, phone.callID, phone.tag) = (name, "call-\(name)", "tag-\(name)")
    phone.target = "sip:\(room)@conf.example"
    var invite = phone.invite()
    if let allow { invite.headers.append("Allow", allow) }
    phone.learn(await bench.deliver(invite).last)
    await bench.deliver(phone.ack())
    return phone
  }

  private func say(
    _ text: String, by phone: inout Phone, on bench: CallBench, type: String? = "text/plain"
  ) async -> SIPResponse? {
    var request = phone.next(.message, body: text, type: type ?? "")
    if type == nil { request.headers.remove("Content-Type") }
    return await bench.deliver(request).last
  }

  private func texts(_ bench: CallBench) -> [String] {
    bench.wire.requests(.message).map { String(decoding: $0.request.body, as: UTF8.self) }
  }

  @Test func aLineGoesToEveryOtherMemberWhoseClientTakesIt() async throws {
    let bench = await CallBench()
    var alice = await join(bench, "alice")
    _ = await join(bench, "bob")
    _ = await join(bench, "carl", allow: "INVITE, BYE")
    _ = await join(bench, "dora", allow: nil)
    _ = await join(bench, "emil", room: "3001")
    _ = await bench.drainEvents()
    #expect(await say("Grüße\nan \u{1F600} alle", by: &alice, on: bench)?.status == 200)
    let sent = bench.wire.requests(.message)
    #expect(sent.count == 1)
    let message = try #require(sent.first?.request)
    #expect(message.headers.callID == "call-bob" && message.headers.to?.tag == "tag-bob")
    #expect(message.headers.from?.displayName == "Member 101")
    #expect(message.headers.from?.uri.sip?.user == "3000" && message.headers.from?.tag != nil)
    #expect(message.headers.contentType?.name == "text/plain")
    #expect(String(decoding: message.body, as: UTF8.self) == "Grüße\nan \u{1F600} alle")
    let events = await bench.drainEvents()
    #expect(events.map(\.name) == ["chat"])
    #expect(events.first?.values["text"] == "Grüße\nan \u{1F600} alle" && events.first?.values["member"] == "m101")
    #expect(events.first?.values["room"] == "3000" && events.first?.values["name"] == "Member 101")
  }

  @Test func aCalledPhoneReadsAndWritesToo() async throws {
    let bench = await CallBench { $0.dialsAnywhere = true }
    _ = await join(bench, "alice")
    _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000"))
    let invite = try #require(bench.wire.requests(.invite).last)
    #expect(invite.request.headers.allow.contains("MESSAGE"))
    await bench.answer(
      invite, Phone.answer(200, to: invite.request, body: Phone.offer, headers: [("Allow", "MESSAGE")]))
    var alice = await join(bench, "anna")
    _ = await say("to both", by: &alice, on: bench)
    #expect(bench.wire.requests(.message).map { $0.request.headers.to?.uri.sip?.user } == ["alice", "bob"])
  }

  @Test func onlyWhoIsInTheRoomWritesAndReads() async {
    let bench = await CallBench()
    await bench.reception.askForPINs()
    var alice = await join(bench, "alice")
    _ = await join(bench, "bob")
    #expect(await say("let me in", by: &alice, on: bench)?.status == 403)
    await bench.reception.admit(LegID(101))
    #expect(await say("hello?", by: &alice, on: bench)?.status == 200)
    #expect(texts(bench).isEmpty)
    await bench.reception.admit(LegID(102))
    #expect(await say("hello", by: &alice, on: bench)?.status == 200)
    #expect(texts(bench) == ["hello"])
  }

  @Test func whatIsNoShortPlainTextIsRefused() async {
    let bench = await CallBench()
    var alice = await join(bench, "alice")
    _ = await join(bench, "bob")
    for type in [
      "text/html", "message/cpim", "application/im-iscomposing+xml", "text/plain;charset=utf-16",
    ] {
      #expect(await say("x", by: &alice, on: bench, type: type)?.status == 415, "\(type)")
    }
    #expect((400..<500).contains(await say("x", by: &alice, on: bench, type: "rubbish/")?.status ?? 0))
    #expect(await say("x", by: &alice, on: bench, type: "text/html")?.headers["Accept"] == "text/plain")
    #expect(await say(String(repeating: "x", count: ChatLine.limit + 1), by: &alice, on: bench)?.status == 413)
    var broken = alice.next(.message, body: "x", type: "text/plain")
    broken.body = [0x61, 0xFF]
    #expect(await bench.deliver(broken).last?.status == 400)
    var packed = alice.next(.message, body: "x", type: "text/plain")
    packed.headers.append("Content-Encoding", "gzip")
    #expect(await bench.deliver(packed).last?.status == 415)
    #expect(texts(bench).isEmpty)

    let longest = String(repeating: "x", count: ChatLine.limit)
    #expect(await say(longest, by: &alice, on: bench)?.status == 200)
    #expect(await say("no type", by: &alice, on: bench, type: nil)?.status == 200)
    #expect(
      await say("a\u{0}\u{1B}[31m\u{7F}\r\nb\tc", by: &alice, on: bench, type: "Text/Plain; charset=UTF-8")?.status
        == 200)
    #expect(await say("", by: &alice, on: bench)?.status == 200)
    #expect(texts(bench) == [longest, "no type", "a[31m\nb\tc"])
  }

  @Test func whoWritesTooMuchIsHeldUp() async {
    let bench = await CallBench()
    var alice = await join(bench, "alice")
    var bob = await join(bench, "bob")
    for _ in 0..<CallController.chatAllowance.burst {
      #expect(await say("x", by: &alice, on: bench)?.status == 200)
    }
    let refused = await say("y", by: &alice, on: bench)
    #expect(refused?.status == 503 && refused?.headers["Retry-After"] == "1")
    #expect(await say("z", by: &bob, on: bench)?.status == 200)
    await bench.pass(.seconds(1))
    #expect(await say("again", by: &alice, on: bench)?.status == 200)
    #expect(!texts(bench).contains("y"))
  }

  /// JsSIP says that it takes MESSAGE, and means outside of calls.
  @Test func whoTakesNoneWithinTheCallGetsItBeside() async throws {
    let bench = await CallBench()
    var alice = await join(bench, "alice")
    _ = await join(bench, "bob")
    _ = await say("one", by: &alice, on: bench)
    let first = try #require(bench.wire.requests(.message).last)
    await bench.answer(first, SIPResponse(status: 501, to: first.request, toTag: "b"))
    let second = try #require(bench.wire.requests(.message).last)
    #expect(texts(bench) == ["one", "one"])
    #expect(second.request.headers.callID != "call-bob" && second.request.headers.to?.tag == nil)
    #expect(second.request.uri.text == "sip:bob@198.51.100.7:5062")
    #expect(second.request.headers.from?.displayName == "Member 101")
    await bench.answer(second, SIPResponse(status: 200, to: second.request, toTag: "b"))
    _ = await say("two", by: &alice, on: bench)
    let third = try #require(bench.wire.requests(.message).last)
    #expect(third.request.headers.to?.tag == nil && texts(bench).count == 3)
    await bench.answer(third, SIPResponse(status: 405, to: third.request, toTag: "b"))
    _ = await say("three", by: &alice, on: bench)
    #expect(texts(bench).count == 3)
  }

  @Test func otherFailuresCostTheLineAlone() async throws {
    let bench = await CallBench()
    var alice = await join(bench, "alice")
    _ = await join(bench, "bob")
    for status in [408, 480, 500, 603] {
      _ = await say("\(status)", by: &alice, on: bench)
      let sent = try #require(bench.wire.requests(.message).last)
      await bench.answer(sent, SIPResponse(status: status, to: sent.request, toTag: "b"))
    }
    #expect(texts(bench) == ["408", "480", "500", "603"])
    #expect(await bench.calls.calls().count { $0.state == .answered } == 2)
  }

  // MARK: Outside of calls

  @Test func aUserWritesFromOutsideItsCallToARoomThatItIsIn() async {
    let bench = await CallBench(Login.settings)
    _ = await join(bench, "bob")
    var carol = Login(bench)
    func write() async -> Int? {
      await carol.send(.message, body: "from outside") { $0.headers.set("Content-Type", "text/plain") }.last?.status
    }
    #expect(await write() == 403)
    var invite = Login(bench)
    invite.phone.callID = "call-carol"
    let answer = await invite.send(.invite, body: Phone.offer)
    invite.phone.learn(answer.last)
    await bench.deliver(invite.phone.ack())
    #expect(await write() == 200)
    #expect(texts(bench) == ["from outside"])
    carol.phone.target = "sip:3001@conf.example"
    #expect(await write() == 403)
    carol.phone.target = "sip:nowhere@conf.example"
    #expect(await write() == 404)
  }

  @Test func strangersAreAskedWhoTheyAre() async {
    let bench = await CallBench(Login.settings)
    _ = await join(bench, "bob")
    var stranger = Phone()
    stranger.callID = "elsewhere"
    #expect(await say("spam", by: &stranger, on: bench)?.status == 401)
    stranger.toTag = "forged"
    #expect(await say("spam", by: &stranger, on: bench)?.status == 481)
    var wrong = Login(bench)
    wrong.password = "guess"
    let refused = await wrong.send(.message, body: "spam")
    #expect(refused.last?.status == 401)
    #expect(texts(bench).isEmpty)
  }
}

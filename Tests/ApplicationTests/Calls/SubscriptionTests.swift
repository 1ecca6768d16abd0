import Application
import Conference
import Primitives
import SIP
import Testing

@Suite struct SubscriptionTests {
  static let member = ConferenceState.Member(
    displayName: "Bob <\"&'>", uri: "sip:bob@example.com", role: .moderator, isConnected: true, isMuted: false)

  static func subscribe(
    _ bench: CallBench, expires: Int = 300, _ change: (inout SIPRequest) -> Void = { _ in }
  ) async -> (Phone, SIPResponse?) {
    var phone = Phone(callID: "sub-1")
    var request = phone.next(.subscribe)
    request.headers.append("Event", "conference")
    request.headers.append("Expires", "\(expires)")
    change(&request)
    let response = await bench.deliver(request).last
    phone.learn(response)
    return (phone, response)
  }

  static func text(_ sent: RecordedWire.Sent?) -> String { String(decoding: sent?.request.body ?? [], as: UTF8.self) }

  @Test func aSubscriberIsToldWhoIsInAndWhoComes() async throws {
    let bench = await CallBench()
    await bench.reception.open("3000")
    let (_, response) = await Self.subscribe(bench)
    #expect(response?.status == 200)
    #expect(response?.headers.expires == 300)
    let first = try #require(bench.wire.requests(.notify).first)
    #expect(first.request.headers.subscriptionState == SubscriptionState(state: "active", expires: 300))
    #expect(first.request.headers.event?.name == "conference")
    #expect(Self.text(first).contains("<user-count>0</user-count>"))
    await bench.answer(first, Phone.answer(200, to: first.request))
    await bench.reception.set([Self.member], in: "3000")
    await bench.calls.conferenceChanged(await bench.reception.id("3000"))
    let second = bench.wire.requests(.notify).last
    #expect(Self.text(second).contains("version=\"2\""))
    #expect(Self.text(second).contains("Bob &lt;&quot;&amp;&apos;&gt;"))
  }

  @Test func aSlowSubscriberGetsOneNotifyAtATime() async throws {
    let bench = await CallBench()
    await bench.reception.open("3000")
    _ = await Self.subscribe(bench)
    let room = await bench.reception.id("3000")
    for _ in 0..<5 { await bench.calls.conferenceChanged(room) }
    #expect(bench.wire.requests(.notify).count == 1)
    await bench.reception.set([Self.member], in: "3000")
    let first = try #require(bench.wire.requests(.notify).first)
    await bench.answer(first, Phone.answer(200, to: first.request))
    #expect(bench.wire.requests(.notify).count == 2)
    #expect(Self.text(bench.wire.requests(.notify).last).contains("<user-count>1</user-count>"))
  }

  @Test func theEndOfTheRoomEndsTheSubscription() async {
    let bench = await CallBench()
    await bench.reception.open("3000")
    let (phone, _) = await Self.subscribe(bench)
    let room = await bench.reception.id("3000")
    await bench.reception.close("3000")
    await bench.calls.conferenceChanged(room)
    let last = bench.wire.requests(.notify).last
    #expect(last?.request.headers.subscriptionState == SubscriptionState(state: "terminated", reason: "noresource"))
    var refresh = phone
    var request = refresh.next(.subscribe)
    request.headers.append("Event", "conference")
    #expect(await bench.deliver(request).last?.status == 481)
  }

  @Test func aSubscriptionRunsOutUnlessItIsRefreshed() async {
    let bench = await CallBench()
    await bench.reception.open("3000")
    var (phone, _) = await Self.subscribe(bench, expires: 100)
    await bench.pass(.seconds(90))
    var request = phone.next(.subscribe)
    request.headers.append("Event", "conference")
    request.headers.append("Expires", "100")
    #expect(await bench.deliver(request).last?.status == 200)
    await bench.pass(.seconds(90))
    #expect(bench.wire.requests(.notify).allSatisfy { $0.request.headers.subscriptionState?.state == "active" })
    await bench.pass(.seconds(20))
    #expect(
      bench.wire.requests(.notify).last?.request.headers.subscriptionState
        == SubscriptionState(state: "terminated", reason: "timeout"))
  }

  @Test func zeroSecondsFetchTheStateOnce() async {
    let bench = await CallBench()
    await bench.reception.open("3000")
    _ = await Self.subscribe(bench, expires: 0)
    #expect(bench.wire.requests(.notify).map { $0.request.headers.subscriptionState?.state } == ["terminated"])
    #expect(Self.text(bench.wire.requests(.notify).first).contains("conference-info"))
  }

  @Test func whoDoesNotKnowTheSubscriptionIsForgotten() async throws {
    let bench = await CallBench()
    await bench.reception.open("3000")
    _ = await Self.subscribe(bench)
    let first = try #require(bench.wire.requests(.notify).first)
    await bench.answer(first, Phone.answer(481, to: first.request))
    await bench.calls.conferenceChanged(await bench.reception.id("3000"))
    #expect(bench.wire.requests(.notify).count == 1)
  }

  @Test func otherPackagesTypesAndTimesAreRefused() async {
    let bench = await CallBench { $0.maximumSubscriptions = 0 }
    #expect(await Self.subscribe(bench).1?.status == 404)
    await bench.reception.open("3000")
    let wrong = await Self.subscribe(bench) { $0.headers.set("Event", "presence") }.1
    #expect(wrong?.status == 489)
    #expect(wrong?.headers["Allow-Events"] == "conference")
    #expect(await Self.subscribe(bench) { $0.headers.set("Accept", "text/plain") }.1?.status == 406)
    #expect(await Self.subscribe(bench, expires: 5).1?.status == 423)
    let full = await Self.subscribe(bench) { $0.headers.set("CSeq", "77 SUBSCRIBE") }.1
    #expect(full?.status == 503)
    #expect(bench.wire.requests(.notify).isEmpty)
  }

  @Test func aMemberMaySubscribeInItsCall() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    var request = phone.next(.subscribe)
    request.headers.append("Event", "conference")
    #expect(await bench.deliver(request).last?.status == 200)
    let notify = try #require(bench.wire.requests(.notify).first)
    #expect(notify.request.headers.callID == phone.callID)
    #expect(notify.request.headers.to?.tag == phone.tag)
    // It ends with the call, without a word.
    await bench.deliver(phone.next(.bye))
    await bench.calls.conferenceChanged(await bench.reception.id("3000"))
    #expect(bench.wire.requests(.notify).count == 1)
  }

  /// Names and addresses may be the same; the number stands in the packets of a member's picture.
  @Test func membersHaveNumbersAndTheSubscriberFindsItself() async throws {
    let bench = await CallBench()
    var phone = await bench.established()
    let legs = await bench.reception.told.compactMap { if case .connected(let leg) = $0 { leg } else { nil } }
    let own = try #require(legs.first).contributor
    var other = Self.member
    other.number = own + 1
    other.hasPicture = true
    var itself = Self.member
    itself.number = own
    await bench.reception.set([other, itself], in: "3000")
    var request = phone.next(.subscribe)
    request.headers.append("Event", "conference")
    await bench.deliver(request)
    let users = Self.text(bench.wire.requests(.notify).first).split(separator: "<user ").dropFirst()
    #expect(users.map { $0.contains(" t:own=\"true\"") } == [false, true])
    #expect(users.map { $0.contains("<type>video</type>") } == [true, false])
    #expect(users.first?.contains("<src-id>\(own + 1)</src-id>") == true)
    #expect(users.last?.contains(";member=\(own)\"") == true)
  }

  @Test func aLargeConferenceFitsIntoADatagram() {
    let state = ConferenceState(room: "3000", members: Array(repeating: Self.member, count: 2_000))
    let document = ConferenceDocument.encode(state, entity: "sip:3000@conf.example", version: 1)
    #expect(document.count < 60_000)
    #expect(String(decoding: document, as: UTF8.self).contains("<user-count>2000</user-count>"))
  }
}

import Conference
import Primitives
import SIP
import Testing

@testable import Application

/// Whatever calls do, the tables are empty when they are over.
@Suite struct LeftoverTests {
  @Test func nothingIsLeftOver() async throws {
    let bench = await CallBench {
      $0.dialsAnywhere = true
      Login.settings(&$0)
    }
    // Answered and hung up by either end, with a subscription and a transfer.
    var phone = await bench.established()
    var subscribe = phone.next(.subscribe)
    subscribe.headers.append("Event", "conference")
    await bench.deliver(subscribe)
    await bench.deliver(TransferTests.refer(&phone, to: "<sip:bob@203.0.113.9>"))
    let referred = try #require(bench.wire.requests(.invite).last)
    await bench.answer(referred, Phone.answer(200, to: referred.request, body: Phone.offer))
    await bench.deliver(phone.next(.bye))
    await bench.calls.hangUp(LegID(102), cause: "removed")
    // Dialled and refused, cancelled, unreachable.
    for status in [486, 0, 1] {
      _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000", timeout: 5))
      let invite = try #require(bench.wire.requests(.invite).last)
      switch status {
      case 0: await bench.pass(.seconds(6))
      case 1: await bench.calls.receive(.failed(invite.id, .timeout))
      default: await bench.answer(invite, Phone.answer(status, to: invite.request))
      }
      if status == 0 { await bench.answer(invite, Phone.answer(487, to: invite.request)) }
    }
    // Cancelled by the caller, refused, never acknowledged.
    var other = Phone(callID: "call-2")
    var invite = other.invite()
    invite.headers.append("Require", "100rel")
    await bench.deliver(invite)
    await bench.calls.receive(.cancelled(Phone.transaction(invite)))
    var third = Phone(callID: "call-3")
    await bench.deliver(third.invite(body: Phone.strangeOffer))
    var fourth = Phone(callID: "call-4")
    await bench.deliver(fourth.invite())
    await bench.pass(.seconds(40))
    // All our requests get their answers.
    for sent in bench.wire.everything.requests where sent.request.method != .invite {
      await bench.answer(sent, Phone.answer(200, to: sent.request))
    }
    // As long as the longest alarm, that of the subscription.
    await bench.pass(.seconds(4_000))
    let calls = bench.calls
    #expect(await calls.table.isEmpty)
    #expect(await calls.dialogs.isEmpty)
    #expect(await calls.legs.isEmpty)
    #expect(await calls.arrivals.isEmpty)
    #expect(await calls.unanswered.isEmpty)
    #expect(await calls.openings.isEmpty)
    #expect(await calls.purposes.isEmpty)
    #expect(await calls.finished.isEmpty)
    #expect(await calls.subscriptions.isEmpty)
    #expect(await calls.referrals.isEmpty)
    #expect(await calls.alarmed.isEmpty)
    // And every leg that was seated has left.
    let told = await bench.told
    let left = Set(told.compactMap { if case .left(let leg, _) = $0 { leg } else { nil } })
    #expect(left.count == 8)
  }

  @Test func endedCallsAreKeptInBounds() async {
    let bench = await CallBench()
    for number in 0..<(CallController.finishedLimit + 5) {
      var phone = Phone(callID: "call-\(number)")
      phone.learn(await bench.deliver(phone.invite()).last)
      await bench.deliver(phone.ack())
      await bench.deliver(phone.next(.bye))
    }
    #expect(await bench.calls.table.count == CallController.finishedLimit)
    #expect(await bench.calls.dialogs.isEmpty)
  }

  @Test func aFloodOfReInvitesLeavesFewAlarms() async {
    let bench = await CallBench()
    var phone = await SessionTimerCallTests.timed(bench)
    for version in 2..<3_000 {
      await bench.deliver(phone.next(.invite, body: Phone.offer("sendrecv", version: version)))
      await bench.deliver(phone.ack())
      await bench.pass(.milliseconds(1))
    }
    #expect(await bench.calls.alarms.count < 1_200)
  }

  @Test func failedLoginsAreBounded() {
    var logins = FailedLogins()
    for number in 0..<(FailedLogins.sourceLimit + 100) {
      _ = logins.failed(.v4(UInt32(number)), at: .zero + .milliseconds(Int64(number)))
    }
    #expect(logins.count <= FailedLogins.sourceLimit)
    // One subscriber of IPv6 is one source.
    var blocked = false
    for number in 0..<FailedLogins.tries { blocked = logins.failed(.v6(0x2001_0DB8, UInt64(number)), at: .zero) }
    #expect(blocked)
    #expect(logins.isBlocked(.v6(0x2001_0DB8, 0xFFFF), at: .zero))
  }

  @Test func recentRequestsAreBounded() {
    var recent = RecentRequests()
    for number in 0..<(RecentRequests.limit + 100) {
      let request = Phone(callID: "c\(number)").request(.invite, number: 1)
      let isMerged = recent.isMerged(request, Phone.transaction(request), at: .zero)
      #expect(!isMerged)
    }
    #expect(recent.count <= RecentRequests.limit)
    let late = Phone(callID: "late").request(.invite, number: 1)
    _ = recent.isMerged(late, Phone.transaction(late), at: .zero + .seconds(40))
    #expect(recent.count == 1)
  }
}

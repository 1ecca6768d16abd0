import Application
import Conference
import Primitives
import SIP
import Testing

/// Two things at once: whatever comes first, nothing is left over.
@Suite struct RaceTests {
  @Test func aCancelWhileTheMediaOpenEndsTheCallAndClosesTheLeg() async {
    let bench = await CallBench()
    bench.media.hold()
    var phone = Phone()
    let invite = phone.invite()
    let transaction = Phone.transaction(invite)
    await bench.calls.receive(.request(invite, transaction, Phone.source))
    await bench.media.awaitWaiting()
    await bench.calls.receive(.cancelled(transaction))
    #expect(bench.wire.responses(in: transaction).map(\.status) == [487])
    bench.media.release()
    await bench.calls.settle()
    #expect(bench.wire.responses(in: transaction).map(\.status) == [487])
    #expect(await bench.told.last == .left(CallBench.leg, "cancelled"))
    #expect(await bench.drainEvents().map(\.name) == ["call-attempt", "call-end"])
    #expect(await bench.calls.calls().isEmpty)
  }

  @Test func aCancelAfterThe200ChangesNothing() async {
    let bench = await CallBench()
    var phone = Phone()
    let invite = phone.invite()
    phone.learn(await bench.deliver(invite).last)
    await bench.calls.receive(.cancelled(Phone.transaction(invite)))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).map(\.status) == [180, 200])
    await bench.deliver(phone.ack())
    #expect(await bench.calls.calls().map(\.state) == [.answered])
  }

  @Test func aCancelWhileThePrackIsAwaitedIsObeyed() async {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Require", "100rel")
    await bench.deliver(invite)
    await bench.calls.receive(.cancelled(Phone.transaction(invite)))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).map(\.status) == [180, 487])
    #expect(await bench.told.last == .left(CallBench.leg, "cancelled"))
    await bench.pass(.seconds(60))
    #expect(bench.wire.responses(in: Phone.transaction(invite)).count == 2)
  }

  @Test func aByeInTheEarlyDialogEndsTheInviteToo() async {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("Require", "100rel")
    phone.learn(await bench.deliver(invite).last)
    #expect(await bench.deliver(phone.next(.bye)).map(\.status) == [200])
    #expect(bench.wire.responses(in: Phone.transaction(invite)).last?.status == 487)
  }

  @Test func theRoomMayHangUpWhileTheMediaOpen() async {
    let bench = await CallBench()
    bench.media.hold()
    var phone = Phone()
    let invite = phone.invite()
    await bench.calls.receive(.request(invite, Phone.transaction(invite), Phone.source))
    await bench.media.awaitWaiting()
    await bench.calls.hangUp(CallBench.leg, cause: "room-closed")
    bench.media.release()
    await bench.calls.settle()
    #expect(bench.wire.responses(in: Phone.transaction(invite)).map(\.status) == [480])
    guard case .left(CallBench.leg, _)? = await bench.told.last else {
      Issue.record("the seat was kept")
      return
    }
  }

  @Test func aByeOfOursWaitsForTheAck() async {
    let bench = await CallBench()
    var phone = Phone()
    phone.learn(await bench.deliver(phone.invite()).last)
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    #expect(bench.wire.requests(.bye).isEmpty)
    #expect(await bench.told.last == .left(CallBench.leg, "removed"))
    await bench.deliver(phone.ack())
    #expect(bench.wire.requests(.bye).count == 1)
    await bench.pass(.seconds(60))
    #expect(bench.wire.requests(.bye).count == 1)
  }

  @Test func aByeOfOursGoesAnywayWhenTheAckNeverComes() async {
    let bench = await CallBench()
    var phone = Phone()
    await bench.deliver(phone.invite())
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    await bench.pass(.seconds(33))
    #expect(bench.wire.requests(.bye).count == 1)
  }

  @Test func byesThatCrossEndOneCallOnce() async {
    let bench = await CallBench()
    var phone = await bench.established()
    await bench.calls.hangUp(CallBench.leg, cause: "removed")
    let responses = await bench.deliver(phone.next(.bye))
    // Ours is out already: the dialog is over, but the peer gets an answer.
    #expect(responses.count == 1)
    let ends = await bench.drainEvents().filter { $0.name == "call-end" }
    #expect(ends.count == 1)
    #expect(await bench.told.filter { if case .left = $0 { true } else { false } }.count == 1)
  }

  @Test func aDialIsHungUpWhileTheMediaOpen() async {
    let bench = await CallBench { $0.dialsAnywhere = true }
    bench.media.hold()
    let dialling = Task { try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000")) }
    await bench.media.awaitWaiting()
    await bench.calls.hangUp(CallBench.leg, cause: "room-closed")
    bench.media.release()
    await #expect(throws: ControlError.self) { _ = try await dialling.value }
    #expect(bench.wire.requests(.invite).isEmpty)
    guard case .left(CallBench.leg, _)? = await bench.told.last else {
      Issue.record("the seat was kept")
      return
    }
  }

  @Test func everythingEndsWithTheServer() async throws {
    let bench = await CallBench { $0.dialsAnywhere = true }
    _ = await bench.established()
    var unacknowledged = Phone(callID: "call-2")
    await bench.deliver(unacknowledged.invite())
    _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000"))
    await bench.calls.endAll()
    #expect(bench.wire.requests(.bye).count == 2)
    #expect(bench.wire.everything.cancelled.count == 1)
    #expect(await bench.calls.calls().allSatisfy { $0.state == .ended })
  }
}

import Application
import Conference
import Primitives
import SIP
import Testing

/// Rooms that ask for a PIN are shut for who only knocks.
@Suite struct PrivateRoomTests {
  @Test func guestsDoNotLearnWhoIsIn() async {
    let bench = await CallBench(Login.settings)
    await bench.reception.open("3000")
    await bench.reception.askForPINs()
    #expect(await SubscriptionTests.subscribe(bench).1?.status == 403)
    var login = Login(bench)
    #expect(await login.send(.subscribe) { $0.headers.append("Event", "conference") }.last?.status == 200)
  }

  @Test func whoIsAskedForThePINNeitherWatchesNorBringsOthersIn() async {
    let bench = await CallBench { $0.dialsAnywhere = true }
    await bench.reception.askForPINs()
    var phone = await bench.established()
    func subscribe() async -> Int? {
      var request = phone.next(.subscribe)
      request.headers.append("Event", "conference")
      return await bench.deliver(request).last?.status
    }
    #expect(await subscribe() == 403)
    #expect(await bench.deliver(TransferTests.refer(&phone, to: "<sip:bob@203.0.113.9>")).last?.status == 403)
    #expect(bench.wire.requests(.invite).isEmpty)
    await bench.reception.admit(CallBench.leg)
    #expect(await subscribe() == 200)
    #expect(await bench.deliver(TransferTests.refer(&phone, to: "<sip:bob@203.0.113.9>")).last?.status == 202)
  }
}

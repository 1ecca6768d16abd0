import Application
import Conference
import Primitives
import SIP
import Testing

@Suite struct ReplacesTests {
  static func replacing(_ old: Phone, toTag: String? = nil, early: Bool = false) -> (Phone, SIPRequest) {
    var phone = Phone(user: "bob", callID: "call-9", tag: "b9")
    var invite = phone.invite()
    let flag = early ? ";early-only" : ""
    invite.headers.append(
      "Replaces", "\(old.callID);to-tag=\(toTag ?? old.toTag ?? "");from-tag=\(old.tag)\(flag)")
    invite.headers.append("Require", "replaces")
    return (phone, invite)
  }

  @Test func aNewCallTakesTheOldOnesPlace() async {
    let bench = await CallBench()
    let old = await bench.established()
    let (_, invite) = Self.replacing(old)
    #expect(await bench.deliver(invite).last?.status == 200)
    #expect(bench.wire.requests(.bye).map { $0.request.headers.callID } == [old.callID])
    let told = await bench.told
    #expect(told.contains(.left(CallBench.leg, "replaced")))
    #expect(
      told.contains {
        if case .seated(let member) = $0 {
          member.replaces == CallBench.leg && member.destination == .room("3000")
        } else {
          false
        }
      })
  }

  @Test func aCallThatDoesNotExistCannotBeReplaced() async {
    let bench = await CallBench()
    let old = await bench.established()
    #expect(await bench.deliver(Self.replacing(old, toTag: "other").1).last?.status == 481)
    #expect(await bench.calls.calls().map(\.state) == [.answered])
  }

  @Test func anAnsweredCallIsNotReplacedEarlyOnly() async {
    let bench = await CallBench()
    let old = await bench.established()
    #expect(await bench.deliver(Self.replacing(old, early: true).1).last?.status == 486)
  }

  @Test func brokenOrDoubledReplacesAreRefused() async {
    let bench = await CallBench()
    let old = await bench.established()
    var (_, invite) = Self.replacing(old)
    invite.headers.append("Replaces", "x;to-tag=1;from-tag=2")
    #expect(await bench.deliver(invite).last?.status == 400)
    var broken = Phone(callID: "call-8").request(.invite, number: 1, body: Phone.offer)
    broken.headers.append("Replaces", "only-a-call-id")
    #expect(await bench.deliver(broken).last?.status == 400)
  }
}

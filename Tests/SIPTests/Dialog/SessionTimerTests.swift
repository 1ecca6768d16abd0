import Primitives
import Testing

@testable import SIP

/// RFC 4028.
@Suite struct SessionTimerTests {
  static func invite(_ headers: [(String, String)]) throws -> SIPRequest {
    var invite = try DialogTests.invite()
    for (name, value) in headers { invite.headers.append(name, value) }
    return invite
  }

  @Test func theRefresherRefreshesAtHalfAndTheOtherHangsUpBeforeTheEnd() {
    let agreement = SessionTimerAgreement(interval: 90, refresher: .uac)
    var caller = SessionTimer()
    var called = SessionTimer()
    caller.refreshed(agreement, isUAC: true, at: .zero)
    called.refreshed(agreement, isUAC: false, at: .zero)
    #expect(caller.deadline == .zero + .seconds(45))
    #expect(caller.timeout(at: .zero + .seconds(44)) == nil)
    #expect(caller.timeout(at: .zero + .seconds(45)) == .refresh)
    #expect(caller.deadline == .zero + .seconds(60))
    #expect(called.deadline == .zero + .seconds(60))
    #expect(called.timeout(at: .zero + .seconds(60)) == .expire)
    #expect(called.deadline == nil)
    caller.refreshed(SessionTimerAgreement(interval: 1_800, refresher: .uac), isUAC: true, at: .zero + .seconds(46))
    #expect(caller.deadline == .zero + .seconds(946))
    _ = caller.timeout(at: .zero + .seconds(946))
    #expect(caller.deadline == .zero + .seconds(46 + 1_800 - 32))
    caller.refreshed(nil, isUAC: true, at: .zero)
    #expect(caller.deadline == nil)
  }

  @Test func tooSmallAnIntervalIs422OnlyForWhoKnowsTimers() throws {
    let policy = SessionTimerPolicy(interval: 1_800, minimum: 120)
    let knows = try Self.invite([("Supported", "timer"), ("Session-Expires", "100")])
    #expect(SessionTimer.answer(to: knows, policy: policy) == .tooSmall(minSE: 120))
    let ignorant = try Self.invite([("Session-Expires", "100")])
    #expect(
      SessionTimer.answer(to: ignorant, policy: policy)
        == .agreed(SessionTimerAgreement(interval: 120, refresher: .uas), requireTimer: false))
  }

  @Test func theCallersWishIsGrantedWithinBothMinima() throws {
    let policy = SessionTimerPolicy(interval: 600)
    let asks = try Self.invite([("k", "timer"), ("x", "1800 ; refresher=uac"), ("Min-SE", "900")])
    #expect(
      SessionTimer.answer(to: asks, policy: policy)
        == .agreed(SessionTimerAgreement(interval: 900, refresher: .uac), requireTimer: true))
    let open = try Self.invite([("Supported", "timer"), ("Session-Expires", "300")])
    #expect(
      SessionTimer.answer(to: open, policy: policy)
        == .agreed(SessionTimerAgreement(interval: 300, refresher: .uas), requireTimer: false))
    let silent = try Self.invite([])
    #expect(SessionTimer.answer(to: silent, policy: SessionTimerPolicy(interval: nil)) == .none)
  }

  @Test func theCallerAsksReadsTheGrantAndTheMinimum() throws {
    var headers = SIPHeaders()
    SessionTimer().ask(SessionTimerPolicy(interval: 300), minimum: 400, in: &headers)
    #expect(headers["Session-Expires"] == "400" && headers["Min-SE"] == "400")
    #expect(headers.list("Supported") == ["timer"])
    var response = SIPResponse(status: 200, to: try Self.invite([]), toTag: "t")
    #expect(SessionTimer.agreement(from: response) == nil)
    response.headers.append("Session-Expires", "400;refresher=uas")
    #expect(SessionTimer.agreement(from: response) == SessionTimerAgreement(interval: 400, refresher: .uas))
    var refusal = SIPResponse(status: 422, to: try Self.invite([]), toTag: "t")
    refusal.headers.append("Min-SE", "99999999999999999999")
    #expect(SessionTimer.minimum(from: refusal) == nil)
    refusal.headers.set("Min-SE", "500")
    #expect(SessionTimer.minimum(from: refusal) == 500)
  }
}

import Primitives
import SIP
import Testing

@testable import Application

@Suite struct WidgetTrafficTests {
  @Test func aMinutesMeasureComesAtOnceAndThenByAndBy() {
    var pace = CallPace<String>()
    var now = Instant.zero + .seconds(5)
    for _ in 0..<6 { #expect(pace.take("a", perMinute: 6, at: now) == nil) }
    #expect(pace.take("a", perMinute: 6, at: now) == 10)
    #expect(pace.take("b", perMinute: 6, at: now) == nil)
    now = now + .milliseconds(9_500)
    #expect(pace.take("a", perMinute: 6, at: now) == 1)
    now = now + .milliseconds(500)
    #expect(pace.take("a", perMinute: 6, at: now) == nil)
    #expect(pace.take("a", perMinute: 6, at: now) == 10)
    now = now + .seconds(3_600)
    for _ in 0..<6 { #expect(pace.take("a", perMinute: 6, at: now) == nil) }
    #expect(pace.take("a", perMinute: 6, at: now) == 10)
  }

  @Test func keysAreBoundedAndTheBusiestIsNotForgotten() {
    var pace = CallPace<Int>()
    let now = Instant.zero
    for _ in 0..<6 { _ = pace.take(-1, perMinute: 6, at: now) }
    for key in 0..<CallPace<Int>.keyLimit + 5 { _ = pace.take(key, perMinute: 6, at: now) }
    #expect(pace.count == CallPace<Int>.keyLimit)
    #expect(pace.take(-1, perMinute: 6, at: now) == 10)
  }

  @Test func spentTokensAreBoundedAndTheOneThatExpiresFirstGoes() {
    var spent = SpentTokens()
    for number in 0..<SpentTokens.limit { spent.spend("t\(number)", until: 1_000 + Int64(number), at: 0) }
    spent.spend("new", until: 5_000, at: 0)
    #expect(spent.count == SpentTokens.limit)
    #expect(!spent.contains("t0"))
    #expect(spent.contains("t1"))
    spent.spend("later", until: 90_000, at: 20_000)
    #expect(spent.count < SpentTokens.limit)
    #expect(spent.contains("later"))
  }

  @Test func aNetworkIsAHouseholds() throws {
    func network(_ text: String) throws -> VisitorNetwork { VisitorNetwork(of: try #require(IPAddress(text))) }
    #expect(try network("192.0.2.1") == network("192.0.2.254"))
    #expect(try network("192.0.2.1") == network("::ffff:192.0.2.7"))
    #expect(try network("192.0.2.1") != network("192.0.3.1"))
    #expect(try network("2001:db8:1:aa00::1") == network("2001:db8:1:aaff:1::2"))
    #expect(try network("2001:db8:1:aa00::1") != network("2001:db8:1:ab00::1"))
  }
}

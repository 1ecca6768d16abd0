import Primitives
import Testing

@testable import ICE

@Suite struct ICECredentialsTests {
  @Test func oursAreLongEnoughAndAllDifferent() {
    var random = RandomSource.seeded(1)
    var seen: Set<String> = []
    for _ in 0..<1_000 {
      let ours = ICECredentials(random: &random)
      #expect(ICECredentials(ufrag: ours.ufrag, password: ours.password) == ours)
      #expect(ours.key != nil)
      seen.insert(ours.ufrag)
      seen.insert(ours.password)
    }
    #expect(seen.count == 2_000)
  }

  @Test func shortLongAndStrangeOnesAreRefused() {
    let password = String(repeating: "p", count: 22)
    #expect(ICECredentials(ufrag: "abcd", password: password) != nil)
    #expect(ICECredentials(ufrag: "abc", password: password) == nil)
    #expect(ICECredentials(ufrag: "abcd", password: String(password.dropLast())) == nil)
    #expect(ICECredentials(ufrag: "ab:d", password: password) == nil)
    #expect(ICECredentials(ufrag: "abcd", password: password + " ") == nil)
    #expect(ICECredentials(ufrag: String(repeating: "a", count: 257), password: password) == nil)
    #expect(ICECredentials(ufrag: "abcd", password: String(repeating: "a", count: 257)) == nil)
  }

  @Test func passwordsDoNotReachALog() {
    var random = RandomSource.seeded(2)
    let ours = ICECredentials(random: &random)
    #expect(!"\(ours) \(String(reflecting: ours))".contains(ours.password))
  }
}

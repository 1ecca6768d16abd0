import Application
import Primitives
import Testing

@Suite struct RelayTests {
  @Test func credentialsAreOfTheMomentAndNameNobody() async throws {
    let bench = await CallBench { settings in
      settings.relays = RelaySettings(
        urls: ["turn:turn.example:3478"], secret: Redacted("north"), lifetime: 3_600)
    }
    let first = try #require(await bench.calls.relays().iceServers.first)
    let second = try #require(await bench.calls.relays().iceServers.first)
    #expect(first.urls == ["turn:turn.example:3478"])
    #expect(first.username.hasPrefix("\(bench.time.unixTime + 3_600):"))
    #expect(first.username != second.username)
    #expect(first.credential != second.credential)
  }

  @Test func withoutAServerThereAreNone() async {
    #expect(await CallBench().calls.relays() == RelayDescription())
  }
}

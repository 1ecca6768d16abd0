import Application
import Conference
import Primitives
import SIP
import Testing

/// Whom we dial, in whose name, and who gets our credentials (toll fraud, digest leak).
@Suite struct DiallingRulesTests {
  static let trunk = Trunk(
    name: "carrier", host: .name("carrier.example"), port: 5070, realm: "carrier", username: "us",
    password: Redacted("secret"))

  @Test func onlyRoutesAllowToDial() async {
    let bench = await CallBench()
    for uri in [
      "sip:bob@203.0.113.9", "sip:0900123@conf.example", "sip:00441234@carrier.example", "sip:3000@conf.example",
      "sip:%30900@conf.example", "sips:x@elsewhere.example", "sip:conf.example",
    ] {
      await #expect(throws: ControlError.self) { _ = try await bench.calls.dial(DialRequest(uri: uri, room: "3000")) }
    }
    #expect(bench.wire.requests(.invite).isEmpty)
    #expect(await bench.told.isEmpty)
  }

  @Test func aBlockedNumberIsBlockedForEverybody() async {
    let bench = await CallBench { $0.dialsAnywhere = true }
    await #expect(throws: ControlError.self) {
      _ = try await bench.calls.dial(DialRequest(uri: "sip:0900123@premium.example", room: "3000"))
    }
    #expect(bench.wire.requests(.invite).isEmpty)
  }

  @Test func aRoutedNumberGoesOutByTheTrunk() async throws {
    let bench = await CallBench { $0.trunks = [Self.trunk] }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:4930123@conf.example", room: "3000"))
    #expect(bench.wire.requests(.invite).first?.request.uri.text == "sip:4930123@carrier.example:5070")
  }

  @Test func theTrunkGetsOurCredentialsOnceInItsOwnRealm() async throws {
    let bench = await CallBench { $0.trunks = [Self.trunk] }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:4930123@conf.example", room: "3000"))
    let first = try #require(bench.wire.requests(.invite).first)
    #expect(!first.request.headers.has("Proxy-Authorization"))
    let challenge = "Digest realm=\"carrier\", nonce=\"n1\", algorithm=MD5, qop=\"auth\""
    await bench.answer(
      first, Phone.answer(407, to: first.request, headers: [("Proxy-Authenticate", challenge)]))
    let second = try #require(bench.wire.requests(.invite).last)
    let credentials = try #require(second.request.headers["Proxy-Authorization"].flatMap { DigestCredentials($0) })
    #expect(credentials.username == "us")
    #expect(second.request.headers.cSeq?.number == 2)
    await bench.answer(
      second, Phone.answer(407, to: second.request, headers: [("Proxy-Authenticate", challenge)]))
    #expect(bench.wire.requests(.invite).count == 2)
    #expect(await bench.told.last == .left(CallBench.leg, "407"))
  }

  @Test func noOtherRealmGetsThem() async throws {
    let bench = await CallBench { $0.trunks = [Self.trunk] }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:4930123@conf.example", room: "3000"))
    let first = try #require(bench.wire.requests(.invite).first)
    let challenge = "Digest realm=\"thief\", nonce=\"n1\", algorithm=MD5, qop=\"auth\""
    await bench.answer(first, Phone.answer(401, to: first.request, headers: [("WWW-Authenticate", challenge)]))
    #expect(bench.wire.requests(.invite).count == 1)
  }

  @Test func aPeerThatIsNoTrunkGetsNoCredentials() async throws {
    let bench = await CallBench {
      $0.trunks = [Self.trunk]
      $0.dialsAnywhere = true
    }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000"))
    let first = try #require(bench.wire.requests(.invite).first)
    let challenge = "Digest realm=\"carrier\", nonce=\"n1\", algorithm=MD5, qop=\"auth\""
    await bench.answer(first, Phone.answer(401, to: first.request, headers: [("WWW-Authenticate", challenge)]))
    #expect(bench.wire.requests(.invite).count == 1)
  }

  @Test func aRegisteredUserIsCalledWhereItRegisteredFrom() async throws {
    let bench = await CallBench { $0.users = [CallUser(name: "carol", password: "pw")] }
    await #expect(throws: ControlError.self) {
      _ = try await bench.calls.dial(DialRequest(uri: "sip:carol@conf.example", room: "3000"))
    }
    var login = Login(bench)
    await login.register()
    _ = try await bench.calls.dial(DialRequest(uri: "sip:carol@conf.example", room: "3000"))
    let invite = try #require(bench.wire.requests(.invite).first)
    #expect(invite.request.uri.text == "sip:carol@198.51.100.7:5062")
    #expect(invite.destination?.address == Phone.address)
    // The room and the lists show whom we called, not what the phone calls itself.
    guard case .seated(let member)? = await bench.told.last else { throw Unexpected() }
    #expect(member.displayName == "carol" && member.uri == "sip:carol@conf.example")
    #expect(await bench.calls.calls().first?.to == "sip:carol@conf.example")
  }

  private struct Unexpected: Error {}

  @Test(arguments: [
    ["Via": "x"], ["X-A": "line\r\nRoute: <sip:x>"], ["Route": "<sip:evil>"], ["X-": "1"], ["X-A b": "1"],
    Dictionary(uniqueKeysWithValues: (0..<17).map { ("X-\($0)", "v") }),
  ])
  func onlyHarmlessHeadersGoAlong(headers: [String: String]) async {
    let bench = await CallBench { $0.dialsAnywhere = true }
    await #expect(throws: ControlError.self) {
      _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000", headers: headers))
    }
  }

  @Test func nobodyIsCalledInTheNameOfAnotherDomain() async throws {
    let bench = await CallBench { $0.dialsAnywhere = true }
    await #expect(throws: ControlError.self) {
      _ = try await bench.calls.dial(
        DialRequest(uri: "sip:b@203.0.113.9", room: "3000", from: "sip:chief@bank.example"))
    }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:b@203.0.113.9", room: "3000", from: "Help \"Desk\""))
    let from = try #require(bench.wire.requests(.invite).last?.request.headers.from)
    #expect(from.displayName == "Help \"Desk\"")
    #expect(from.uri.text == "sip:conference@conf.example")
  }

  @Test func aWrongWishIsExplained() async {
    let bench = await CallBench { $0.dialsAnywhere = true }
    for request in [
      DialRequest(uri: "bob", room: "3000"), DialRequest(uri: "sip:bob@203.0.113.9", room: "3000", timeout: 0),
      DialRequest(uri: "sip:bob@203.0.113.9", room: "3000", timeout: 100_000),
    ] {
      let error = await #expect(throws: ControlError.self) { _ = try await bench.calls.dial(request) }
      #expect(error?.kind == .invalid)
      #expect(error?.field != nil)
    }
    await bench.reception.refuse(SeatRefusal(status: 404, reason: "No room of that name"))
    let error = await #expect(throws: ControlError.self) {
      _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "nowhere"))
    }
    #expect(error?.kind == .notFound)
  }

  @Test func aDialledCallCountsAgainstTheCap() async throws {
    let bench = await CallBench {
      $0.dialsAnywhere = true
      $0.maximumCalls = 1
    }
    _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000"))
    let error = await #expect(throws: ControlError.self) {
      _ = try await bench.calls.dial(DialRequest(uri: "sip:bob@203.0.113.9", room: "3000"))
    }
    #expect(error?.kind == .tooMany)
  }
}

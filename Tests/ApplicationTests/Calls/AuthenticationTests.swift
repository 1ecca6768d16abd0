import Application
import Codecs
import Primitives
import SIP
import Testing

@Suite struct AuthenticationTests {
  @Test func guestsCallWithoutAPassword() async {
    let bench = await CallBench(Login.settings)
    var phone = Phone()
    #expect(await bench.deliver(phone.invite()).last?.status == 200)
  }

  @Test func withoutGuestsEverybodyIsAsked() async {
    let bench = await CallBench {
      Login.settings(&$0)
      $0.admitsGuests = false
    }
    var phone = Phone()
    let response = await bench.deliver(phone.invite()).last
    #expect(response?.status == 401)
    #expect(
      response?.headers.all("WWW-Authenticate").compactMap { DigestChallenge($0)?.algorithm } == [.sha256, .md5])
  }

  @Test(arguments: [DigestAlgorithm.sha256, .md5])
  func aUserProvesWhoHeIs(algorithm: DigestAlgorithm) async {
    let bench = await CallBench(Login.settings)
    var login = Login(bench)
    login.algorithm = algorithm
    #expect(await login.send(.invite, body: Phone.offer).last?.status == 200)
    guard case .seated(let member)? = await bench.told.first else {
      Issue.record("nobody was seated")
      return
    }
    #expect(member.authenticatedUser == "carol")
  }

  @Test func aNameThatDoesNotExistIsAskedLikeOneThatDoes() async {
    let bench = await CallBench(Login.settings)
    for user in ["carol", "nobody"] {
      var login = Login(bench, user: user)
      login.password = "wrong"
      let invite = login.phone.invite()
      let first = await bench.deliver(invite).last
      #expect(first?.status == 401)
      #expect(await login.send(.invite, body: Phone.offer).last?.status == 401)
      var other = Login(bench, user: user)
      other.phone.callID += "-r"
      other.password = "wrong"
      #expect(await other.register()?.status == 401)
    }
    #expect(await bench.told.isEmpty)
    #expect(await bench.drainEvents().filter { $0.name == "auth-failed" }.count == 4)
  }

  /// Every method that starts something, with every kind of credentials: only the right ones come through.
  @Test(arguments: ["INVITE", "REGISTER", "SUBSCRIBE", "REFER"], ["none", "wrong", "stranger", "right"])
  func everyMethodIsAuthenticated(method: String, kind: String) async {
    let bench = await CallBench(Login.settings)
    await bench.reception.open("3000")
    var login = Login(bench)
    if kind == "wrong" { login.password = "guess" }
    // A right password with another name in From: spoofed.
    if kind == "stranger" {
      login.phone.user = "boss"
      login.username = "carol"
    }
    let name = SIPMethod(method)
    let change: (inout SIPRequest) -> Void = { request in
      if name == .subscribe { request.headers.append("Event", "conference") }
      if name == .refer { request.headers.append("Refer-To", "<sip:4930123@conf.example>") }
      if name == .register {
        request.uri = RequestURI("sip:conf.example")
        request.headers.set("To", "<sip:carol@conf.example>")
      }
    }
    var status: Int?
    if kind == "none" {
      var request = login.phone.next(name, body: name == .invite ? Phone.offer : nil)
      change(&request)
      status = await bench.deliver(request).last?.status
    } else {
      status = await login.send(name, body: name == .invite ? Phone.offer : nil, change).last?.status
    }
    switch kind {
    case "none", "wrong": #expect(status == 401)
    case "stranger": #expect(status == 403)
    default: #expect(status == (name == .refer ? 202 : 200))
    }
  }

  @Test func aUsedNonceIsStale() async throws {
    let bench = await CallBench(Login.settings)
    var login = Login(bench)
    let first = login.phone.next(.invite, body: Phone.offer)
    let challenge = try #require(login.challenge(in: await bench.deliver(first).last))
    var second = login.phone.next(.invite, body: Phone.offer)
    second.headers.append("Authorization", "\(try #require(login.credentials(for: second, answering: challenge)))")
    #expect(await bench.deliver(second).last?.status == 200)
    // The same credentials once more: a replay.
    var third = login.phone.next(.invite, body: Phone.offer)
    third.headers.append("Authorization", try #require(second.headers["Authorization"]))
    let replayed = await bench.deliver(third).last
    #expect(replayed?.status == 401)
    #expect(login.challenge(in: replayed)?.isStale == true)
    // An old one too, without being counted as a guess.
    await bench.pass(.seconds(400))
    var fourth = login.phone.next(.invite, body: Phone.offer)
    fourth.headers.append(
      "Authorization", "\(try #require(login.credentials(for: fourth, answering: challenge, count: 2)))")
    #expect(login.challenge(in: await bench.deliver(fourth).last)?.isStale == true)
    #expect(await bench.drainEvents().contains { $0.name == "auth-failed" } == false)
  }

  @Test func guessingIsBlockedAfterTenTries() async {
    let bench = await CallBench(Login.settings)
    let thief = SIPSource(
      transport: .udp, remote: TransportAddress(.v4(0xCB00_7142), port: 5060), local: RecordedWire.local)
    var statuses: [Int?] = []
    for number in 0..<12 {
      var login = Login(bench)
      login.phone.callID = "guess-\(number)"
      login.password = "guess\(number)"
      statuses.append(await login.send(.invite, body: Phone.offer, from: thief).last?.status)
    }
    #expect(statuses == Array(repeating: 401, count: 10) + [403, 403])
    // Even the right password is refused from there, but not from elsewhere.
    var login = Login(bench)
    login.phone.callID = "right"
    #expect(await login.send(.invite, body: Phone.offer, from: thief).last?.status == 403)
    #expect(await login.send(.invite, body: Phone.offer).last?.status == 200)
    let events = await bench.drainEvents()
    #expect(events.filter { $0.name == "auth-failed" }.count == 10)
    #expect(events.contains { $0.name == "limit" })
    await bench.pass(.seconds(1_000))
    #expect(await login.send(.invite, body: Phone.offer, from: thief).last?.status == 200)
  }

  @Test func whoNamesOurAddressIsOfOurDomainToo() async {
    let bench = await CallBench(Login.settings)
    var phone = Phone(user: "carol", fromHost: "192.0.2.1")
    #expect(await bench.deliver(phone.invite()).last?.status == 401)
  }

  @Test func aTrunkCallsWithoutAPassword() async {
    let bench = await CallBench {
      Login.settings(&$0)
      $0.admitsGuests = false
      $0.trunks = [
        Trunk(
          name: "carrier", host: .name("carrier.example"),
          destination: SIPDestination(transport: .udp, address: Phone.address))
      ]
    }
    var phone = Phone()
    #expect(await bench.deliver(phone.invite()).last?.status == 200)
  }

  @Test func aReloadTakesNewUsersAndRealm() async {
    let bench = await CallBench(Login.settings)
    var settings = CallSettings(
      domain: CallBench.domain, codecs: [.pcmu], routes: RouteTable(rooms: [NamePattern("3000")]), digestRealm: "new")
    settings.users = [CallUser(name: "dave", password: "pw")]
    await bench.calls.reload(settings, routes: settings.routes)
    var login = Login(bench, user: "dave")
    #expect(await login.send(.invite, body: Phone.offer).last?.status == 200)
    var gone = Login(bench)
    #expect(await gone.send(.invite, body: Phone.offer).last?.status == 401)
  }
}

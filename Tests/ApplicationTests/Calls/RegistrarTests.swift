import Application
import Primitives
import SIP
import Testing

@Suite struct RegistrarTests {
  @Test func aPhoneRegistersRefreshesAndLeaves() async throws {
    let bench = await CallBench(Login.settings)
    var login = Login(bench)
    let response = try #require(await login.register())
    #expect(response.status == 200)
    #expect(response.headers.contacts.first?.parameters["expires"] == "600")
    #expect(await login.register()?.status == 200)
    #expect(await login.register(expires: 0)?.headers.contacts.isEmpty == true)
    #expect(await bench.drainEvents().map(\.name) == ["reg-new", "reg-del"])
  }

  @Test func aBindingRunsOut() async {
    let bench = await CallBench(Login.settings)
    var login = Login(bench)
    await login.register(expires: 60)
    await bench.pass(.seconds(62))
    #expect(await bench.drainEvents().map(\.name) == ["reg-new", "reg-expired"])
    #expect(await login.register { $0.headers.remove("Contact") }?.headers.contacts.isEmpty == true)
  }

  @Test func onlyOnesOwnAddressCanBeRegistered() async {
    let bench = await CallBench {
      $0.users = [CallUser(name: "carol", password: "pw"), CallUser(name: "dave", password: "pw")]
    }
    var login = Login(bench)
    #expect(await login.register { $0.headers.set("To", "<sip:dave@conf.example>") }?.status == 403)
    #expect(await login.register { $0.headers.set("To", "<sip:carol@elsewhere.example>") }?.status == 403)
  }

  @Test func tooShortAndTooManyAreRefused() async {
    let bench = await CallBench {
      Login.settings(&$0)
      $0.registrar.contactsPerUser = 2
    }
    var login = Login(bench)
    let brief = await login.register(expires: 5)
    #expect(brief?.status == 423)
    #expect(brief?.headers.minExpires == 60)
    for number in 1...3 {
      let response = await login.register { $0.headers.set("Contact", "<sip:carol@198.51.100.\(number)>") }
      #expect(response?.status == (number <= 2 ? 200 : 403))
    }
  }

  @Test func aStarRemovesAllAndOnlyWithExpiresZero() async {
    let bench = await CallBench(Login.settings)
    var login = Login(bench)
    await login.register()
    #expect(await login.register { $0.headers.set("Contact", "*") }?.status == 400)
    let response = await login.register(expires: 0) { $0.headers.set("Contact", "*") }
    #expect(response?.status == 200)
    #expect(response?.headers.contacts.isEmpty == true)
  }

  @Test func anOldRequestChangesNothing() async {
    let registrations = Registrations(hub: EventHub(clock: VirtualTime()))
    func send(_ number: UInt32, contact: String) async -> Int {
      let phone = Phone(user: "carol")
      var request = phone.request(.register, number: number)
      request.headers.set("Contact", contact)
      return await registrations.register(
        request, user: "carol", from: Phone.source, settings: RegistrarSettings(), at: .zero, toTag: "t"
      ).status
    }
    #expect(await send(5, contact: "<sip:carol@198.51.100.7>") == 200)
    #expect(await send(4, contact: "<sip:carol@198.51.100.7>;expires=0") == 500)
    #expect(await registrations.contacts(of: "carol", at: .zero).count == 1)
  }
}

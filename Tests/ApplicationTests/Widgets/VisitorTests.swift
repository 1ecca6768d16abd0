import Application
import Primitives
import SIP
import Testing

/// Who calls from a page, and where to.
@Suite struct VisitorTests {
  private func bench(
    tokens: Bool = true, _ widget: Widget = ShopPage.widget(), _ change: (inout CallSettings) -> Void = { _ in }
  ) async -> CallBench {
    await CallBench { settings in
      settings.widgets = ShopPage.settings(
        tokens: tokens, widget, more: [Widget(name: "3000", destination: SIPURI(user: "3000", host: CallBench.domain))])
      change(&settings)
    }
  }

  private func seated(_ bench: CallBench) async -> NewMember? {
    for case .seated(let member) in await bench.told { return member }
    return nil
  }

  @Test func aTokenLeadsToTheDestinationOfItsWidget() async throws {
    let bench = await bench()
    let page = ShopPage(bench: bench)
    #expect(await page.call(token: page.token())?.status == 200)
    let member = try #require(await seated(bench))
    #expect(member.destination == .room("support"))
    #expect(member.authenticatedUser == nil)
  }

  @Test func aTokenIsForOneWidgetOneTimeAndOnePage() async {
    let bench = await bench(tokens: true)
    let page = ShopPage(bench: bench)
    let expired = page.token { $0.expires = bench.time.unixTime - 60 }
    let cases: [(target: String, token: String?, origin: PageOrigin?, status: Int)] = [
      ("3000", page.token(), page.origin, 403), ("3001", page.token(), page.origin, 404),
      ("support", page.token(), page.origin, 404), ("help", expired, page.origin, 401),
      ("help", page.token() + "x", page.origin, 401), ("help", "x", page.origin, 401), ("help", "", page.origin, 401),
      ("help", page.token(), PageOrigin("https://evil.example", isOurs: false), 403),
      ("help", page.token(), ShopPage.ours, 403), ("help", page.token(), nil, 403),
      (
        "help", page.token { $0.origin = "https://evil.example" }, PageOrigin("https://evil.example", isOurs: false),
        403
      ),
      ("help", nil, page.origin, 401), ("3000", nil, page.origin, 401), ("3001", nil, page.origin, 403),
      ("support", nil, page.origin, 403),
    ]
    for (index, entry) in cases.enumerated() {
      var page = page
      page.origin = entry.origin
      // A network of its own for each, so that none is in another's way.
      page.address.ip = .v4(0x0A00_0000 + UInt32(index) << 8)
      let answer = await page.call(entry.target, call: "call-\(index)", token: entry.token)
      #expect(answer?.status == entry.status, "\(index): \(entry.target) \(answer?.reason ?? "")")
      if entry.status == 401 { #expect(answer?.headers["WWW-Authenticate"]?.hasPrefix("Bearer realm=") == true) }
    }
    #expect(await bench.told.isEmpty)
    #expect(await bench.drainEvents().contains { $0.name == "auth-failed" && $0.values["user"] == "help" })
  }

  @Test func withoutTokensAWidgetIsOpenToItsPagesAndStillLeadsToOnePlace() async throws {
    let bench = await bench(tokens: false)
    let page = ShopPage(bench: bench)
    #expect(await page.call()?.status == 200)
    #expect(await seated(bench)?.destination == .room("support"))
    #expect(await page.call("3001", call: "other")?.status == 403)
    #expect(await page.call(call: "token", token: page.token())?.status == 403)
    var stranger = page
    stranger.origin = PageOrigin("https://evil.example", isOurs: false)
    #expect(await stranger.call(call: "stranger")?.status == 403)
    var own = page
    own.origin = ShopPage.ours
    #expect(await own.call(call: "own")?.status == 200)
  }

  @Test func aWidgetWithPagesOfItsOwnIsForThemAlone() async {
    let bench = await bench(tokens: false, ShopPage.widget { $0.origins = ["https://other.example"] })
    var page = ShopPage(bench: bench)
    #expect(await page.call(call: "a")?.status == 403)
    page.origin = PageOrigin("https://OTHER.example", isOurs: false)
    #expect(await page.call(call: "b")?.status == 200)
  }

  @Test func ourOwnPagesCallRoomsAsGuestsDo() async {
    let bench = await bench()
    var page = ShopPage(bench: bench)
    page.origin = ShopPage.ours
    #expect(await page.call("3001", call: "a")?.status == 200)
    #expect(await page.call("support", call: "b")?.status == 200)
    // A phone that is no browser names no page.
    page.origin = nil
    #expect(await page.call("3001", call: "c")?.status == 200)
  }

  @Test func withATokenTheDoorIsOpenWhereGuestsAreNot() async {
    let bench = await bench { settings in
      settings.admitsGuests = false
      Login.settings(&settings)
    }
    let page = ShopPage(bench: bench)
    #expect(await page.call(token: page.token())?.status == 200)
    #expect(await page.call("3001", call: "b")?.status == 401)
  }

  @Test func aUserOfOursCallsWhatHeLikesFromAnyPage() async {
    let bench = await bench(ShopPage.widget(), Login.settings)
    var login = Login(bench)
    #expect(await login.send(.invite, body: Phone.offer, from: ShopPage(bench: bench).source).last?.status == 200)
  }

  @Test func aVisitorBringsNobodyInAndGoesNowhereElse() async {
    let bench = await bench { $0.guestsMayRefer = true }
    let page = ShopPage(bench: bench)
    var phone = await page.established(token: page.token())
    for target in ["sip:3000@conf.example", "sip:bob@203.0.113.9"] {
      var refer = phone.next(.refer)
      refer.headers.append("Refer-To", "<\(target)>")
      #expect(await bench.deliver(refer, from: page.source).last?.status == 403)
    }
    let tag = phone.toTag ?? ""
    let replacing = await page.call(call: "second", token: page.token()) { invite in
      invite.headers.append("Replaces", "call-1;to-tag=\(tag);from-tag=\(phone.tag)")
    }
    #expect(replacing?.status == 403)
    #expect(await bench.told.allSatisfy { if case .transferred = $0 { false } else { true } })
  }

  @Test(arguments: [SIPMethod.subscribe, .refer]) func aPageOfOthersAsksForNothingBesideItsCall(_ method: SIPMethod)
    async
  {
    let bench = await bench { $0.guestsMayRefer = true }
    await bench.reception.open("3000")
    var page = ShopPage(bench: bench)
    func ask() async -> Int? {
      var phone = page.phone("3000", call: "\(method.rawValue)-\(page.origin?.isOurs ?? false)")
      var request = phone.next(method)
      request.headers.append("Event", "conference")
      request.headers.append("Refer-To", "<sip:4930@conf.example>")
      return await bench.deliver(request, from: page.source).last?.status
    }
    #expect(await ask() == 403)
    page.origin = ShopPage.ours
    #expect(await ask().map { $0 < 300 } == true)
  }

  // MARK: Limits

  @Test func aNetworkCallsSoOftenAndNoMore() async throws {
    let bench = await bench(tokens: false, ShopPage.widget { $0.limits.networkCallsPerMinute = 3 })
    var page = ShopPage(bench: bench)
    for number in 1...3 { #expect(await page.call(call: "a\(number)")?.status == 200) }
    let refused = try #require(await page.call(call: "b"))
    #expect(refused.status == 429)
    #expect(refused.headers["Retry-After"] == "20")
    // The neighbour's, and one from further away.
    page.address.ip = .v4(0xC633_64FE)
    #expect(await page.call(call: "c")?.status == 429)
    page.address.ip = .v4(0xC633_6501)
    #expect(await page.call(call: "d")?.status == 200)
    bench.time.advance(.seconds(20))
    page.address.ip = .v4(0xC633_6407)
    #expect(await page.call(call: "e")?.status == 200)
    #expect(await page.call(call: "f")?.status == 429)
    #expect(await bench.drainEvents().contains { $0.name == "limit" && $0.values["limit"] == "widget help" })
  }

  @Test func badTokensCountAgainstTheirNetwork() async {
    let bench = await bench(ShopPage.widget { $0.limits.networkCallsPerMinute = 2 })
    let page = ShopPage(bench: bench)
    for number in 1...2 { #expect(await page.call(call: "a\(number)", token: "x.y.z")?.status == 401) }
    #expect(await page.call(call: "b", token: page.token())?.status == 429)
  }

  @Test(arguments: [0, 1, 2, 3]) func eachLimitIsItsOwn(_ index: Int) async {
    let changes: [(inout WidgetLimits) -> Void] = [
      { $0.calls = 2 }, { $0.networkCalls = 2 }, { $0.callsPerMinute = 2 }, { $0.originCallsPerMinute = 2 },
    ]
    let bench = await bench(tokens: false, ShopPage.widget { changes[index](&$0.limits) })
    let page = ShopPage(bench: bench)
    var first = await page.established(call: "a")
    #expect(await page.call(call: "b")?.status == 200)
    let refused = await page.call(call: "c")
    #expect(refused?.status == [503, 429, 503, 503][index])
    #expect(refused?.headers["Retry-After"] == "30")
    // Who goes leaves his place; what was counted by the minute stays counted.
    await bench.deliver(first.next(.bye), from: page.source)
    #expect(await page.call(call: "d")?.status == [200, 200, 503, 503][index])
  }

  @Test func aCallWithoutASeatLeavesNoTrace() async {
    let bench = await bench(ShopPage.widget { $0.limits.calls = 1 })
    let page = ShopPage(bench: bench)
    let token = page.token { $0.id = "once" }
    await bench.reception.refuse(SeatRefusal(status: 486, reason: "Full"))
    #expect(await page.call(call: "a", token: token)?.status == 486)
    await bench.reception.refuse(nil)
    #expect(await page.call(call: "b", token: token)?.status == 200)
  }

  @Test func aTokenWithANameIsForOneCall() async {
    let bench = await bench()
    let page = ShopPage(bench: bench)
    let token = page.token { $0.id = "once" }
    #expect(await page.call(call: "a", token: token)?.status == 200)
    #expect(await page.call(call: "b", token: token)?.status == 403)
    #expect(await page.call(call: "c", token: page.token { $0.id = "twice" })?.status == 200)
    #expect(await page.call(call: "d", token: page.token())?.status == 200)
  }
}

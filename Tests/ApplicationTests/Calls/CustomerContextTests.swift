import Application
import SIP
import Testing

@Suite struct CustomerContextTests {
  static let policy = ContextPolicy(trusted: ["tier"])

  static func parsed(_ lines: String) throws -> SIPHeaders {
    let text =
      "INVITE sip:3000@conf.example SIP/2.0\r\nVia: SIP/2.0/UDP h;branch=z9hG4bK1\r\nFrom: <sip:a@b>;tag=1\r\n"
      + "To: <sip:3000@conf.example>\r\nCall-ID: x\r\nCSeq: 1 INVITE\r\n\(lines)\r\nContent-Length: 0\r\n\r\n"
    guard case .request(let request) = try SIPParser.parse(datagram: Array(text.utf8)) else { return SIPHeaders() }
    return request.headers
  }

  /// Spellings of a name that only users may set: none gets a stranger's value through.
  @Test(arguments: [
    "X-Call-Tier: gold", "x-call-tier: gold", "X-CALL-TIER: gold", "X-Call-Tier : gold", "X-Call-Tier\t: gold",
    "X-Call-Tier  :gold", "X-Call-Tier:\r\n gold", "X-Call-Tier:\r\n\tgold", "X_Call_Tier: gold", "X-Call_Tier: gold",
    "x_call-tier: gold", "X-Call-Tier:gold", "X-Call-Tier: %67old", "X-cAlL-tIeR: gold",
    "X-Call-Tier: gold\r\nX-Call-Tier: gold", "X-Call-Other: a\r\nX-Call-Tier: gold",
    "X-Call-Tier: go\r\n ld", "X-Call-Tier :\r\n gold", "x-call-TIER\t :\t gold", "X-Call-Tier: gold ",
  ])
  func aTrustedNameOfAStrangerIsDropped(lines: String) throws {
    // What cannot be parsed at all does not get here either.
    guard let headers = try? Self.parsed(lines) else { return }
    #expect(CustomerContext.values(in: headers, isTrusted: false, policy: Self.policy)["tier"] == nil)
    var stripped = headers
    CustomerContext.strip(&stripped)
    #expect(!stripped.fields.contains { $0.name.lowercased().contains("tier") })
  }

  /// Names put into the fields as they are, past any parser.
  @Test(arguments: [
    "X-Call-Tier ", " X-Call-Tier", "X-Call-\u{0}Tier", "X-Call-Tier\u{7F}", "X-Call-\u{9}Tier", "X_CALL_TIER",
    "X-Call-Tier\r", "X-Call-Tier\n", "X-Call-T\u{131}er", "X-Call-\u{200B}Tier", "X-Call-Tier\u{A0}",
    "X\u{2010}Call-Tier", "X-Call-T\u{0456}er", "\u{FEFF}X-Call-Tier", "X-Call--Tier", "X-Call-", "X-Call-Tier:",
  ])
  func anOddNameBringsNothingIn(name: String) {
    let headers = SIPHeaders([(name: name, value: "gold")])
    let values = CustomerContext.values(in: headers, isTrusted: false, policy: Self.policy)
    #expect(values["tier"] == nil)
    #expect(values.keys.allSatisfy { $0.utf8.allSatisfy { (0x21...0x7E).contains($0) } })
  }

  @Test func aUsersValueCountsAndTheFirstOneWins() throws {
    let headers = try Self.parsed("X-Call-Tier: gold\r\nX-Call-Tier: tin\r\nX-Call-Cart: 3%20%26%20more")
    let values = CustomerContext.values(in: headers, isTrusted: true, policy: Self.policy)
    #expect(values == ["tier": "gold", "cart": "3 & more"])
  }

  @Test(arguments: [
    "a%0D%0AX-Evil: 1", "a%00b", "a%1B[2J", "%C0%80", "100%", "%zz", String(repeating: "a", count: 256),
  ])
  func aHarmfulValueIsDropped(value: String) throws {
    let headers = try Self.parsed("X-Call-Note: \(value)")
    #expect(CustomerContext.values(in: headers, isTrusted: true, policy: Self.policy).isEmpty)
  }

  @Test func valuesAreFew() throws {
    let lines = (0..<40).map { "X-Call-N\($0): v" }.joined(separator: "\r\n")
    #expect(CustomerContext.values(in: try Self.parsed(lines), isTrusted: false, policy: Self.policy).count == 16)
  }

  @Test func onlyNamedOnesAreOpenIfTheOperatorSaysSo() throws {
    let policy = ContextPolicy(open: ["cart"])
    let headers = try Self.parsed("X-Call-Cart: 3\r\nX-Call-Other: 4\r\nCall-Info: <https://s.example/1>;purpose=info")
    #expect(CustomerContext.values(in: headers, isTrusted: false, policy: policy) == ["cart": "3"])
  }

  @Test func userToUserIsDecodedAndEncoded() throws {
    let headers = try Self.parsed("User-to-User: 48656c6c6f;encoding=hex")
    let values = CustomerContext.values(in: headers, isTrusted: false, policy: Self.policy)
    #expect(values == [CustomerContext.userToUser: "Hello"])
    let out = CustomerContext.headers(for: CallContext(values: values), policy: Self.policy)
    #expect(out.map(\.name) == ["User-to-User"])
    #expect(out.map(\.value) == ["48656c6c6f;encoding=hex"])
  }

  @Test func aLinkToTheContextIsKeptIfItIsHTTPS() throws {
    let good = try Self.parsed(
      "Call-Info: <http://x/i.png>;purpose=icon, <https://shop.example/api/v1/contexts/7>;purpose=info")
    let values = CustomerContext.values(in: good, isTrusted: false, policy: Self.policy)
    #expect(values == [CustomerContext.callInfo: "https://shop.example/api/v1/contexts/7"])
    let out = CustomerContext.headers(for: CallContext(values: values), policy: Self.policy)
    #expect(out.map(\.value) == ["<https://shop.example/api/v1/contexts/7>;purpose=info"])
    for bad in [
      "<http://shop.example/7>;purpose=info", "<javascript:alert(1)>;purpose=info", "<https://a/>;purpose=card",
    ] {
      #expect(
        CustomerContext.values(in: try Self.parsed("Call-Info: \(bad)"), isTrusted: true, policy: Self.policy).isEmpty)
    }
    // The same name by the other door is not let in.
    let other = try Self.parsed("X-Call-Call-Info: javascript:x\r\nX-Call-User-To-User: y")
    #expect(CustomerContext.values(in: other, isTrusted: true, policy: Self.policy).isEmpty)
  }

  @Test func whatGoesOutComesInAgain() throws {
    let values = ["cart": "3 & more; 100 %", "city": "Köln", CustomerContext.userToUser: "Grüße"]
    let lines = CustomerContext.headers(for: CallContext(values: values), policy: Self.policy).map {
      "\($0.name): \($0.value)"
    }
    let headers = try Self.parsed(lines.joined(separator: "\r\n"))
    #expect(CustomerContext.values(in: headers, isTrusted: false, policy: Self.policy) == values)
  }

  @Test func aKeyThatIsNoHeaderNameStaysHome() {
    let fields = CustomerContext.headers(
      for: CallContext(values: ["a b": "1", "x:y": "2", "": "3", "ok": "4"]), policy: Self.policy)
    #expect(fields.map(\.name) == ["X-Call-Ok"])
  }

  @Test func theContextOfAGuestReachesTheRoom() async throws {
    let bench = await CallBench { $0.context = Self.policy }
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.append("X-Call-Tier", "gold")
    invite.headers.append("X-Call-Cart", "3")
    invite.headers.append("Accept-Language", "de-DE, en;q=0.5")
    await bench.deliver(invite)
    guard case .seated(let member)? = await bench.told.first else {
      Issue.record("nobody was seated")
      return
    }
    #expect(member.context.values == ["cart": "3"])
    #expect(member.languages.first == "de")
    #expect(await bench.calls.calls().first?.context == ["cart": "3"])
  }

  @Test func aNameIsShownWithoutWhatBreaksALine() async throws {
    let bench = await CallBench()
    var phone = Phone()
    var invite = phone.invite()
    invite.headers.set("From", "\"A\u{202E}B\u{1B}[2J\" <sip:alice@198.51.100.7;x=y>;tag=a1")
    await bench.deliver(invite)
    guard case .seated(let member)? = await bench.told.first else {
      Issue.record("nobody was seated")
      return
    }
    #expect(member.displayName == "AB[2J")
    #expect(member.uri == "sip:alice@198.51.100.7")
  }
}

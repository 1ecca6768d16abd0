import Application
import Primitives
import SIP
import Testing

@testable import trialogue

/// Widgets and tokens in the section `web`.
@Suite struct WidgetConfigurationTests {
  static let publicKey = """
    -----BEGIN PUBLIC KEY-----
    MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
    6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
    -----END PUBLIC KEY-----
    """

  @Test func theDemoHasAWidgetAndAListOfRoomsHasNone() throws {
    #expect(try Reading.read("").web.widgets.map(\.name) == ["support"])
    #expect(try Reading.read("rooms: [{pattern: \"1*\"}]\n").web.widgets.isEmpty)
    #expect(try Reading.read("").widgetSettings.verifier == nil)
  }

  @Test func everyKeyIsRead() throws {
    let text = """
      server: {domain: conf.example}
      rooms: [{pattern: help}]
      web:
        origins: ["https://Shop.example"]
        widgets:
          - {name: help}
          - name: jeans
            destination: sip:help@conf.example
            origins: ["https://jeans.example:8443"]
            language: de
            calls: 5
            network_calls: 2
            calls_per_minute: 30
            origin_calls_per_minute: 20
            network_calls_per_minute: 3
        tokens:
          keys:
            - {id: new, secret: "0123456789abcdef0123456789abcdef"}
            - public_key: |
      \(Self.publicKey.split(separator: "\n").map { "          " + $0 }.joined(separator: "\n"))
          issuer: shop
          audience: calls
          leeway: 5
          lifetime: 120
      """
    let configuration = try Reading.read(text)
    let settings = configuration.widgetSettings
    #expect(settings.origins == ["https://shop.example"])
    #expect(settings["help"]?.destination.user == "help")
    let jeans = try #require(settings["jeans"])
    #expect(jeans.destination == SIPURI(user: "help", host: .name("conf.example")))
    #expect(jeans.origins == ["https://jeans.example:8443"])
    #expect(jeans.language == "de")
    var limits = WidgetLimits()
    limits.calls = 5
    limits.networkCalls = 2
    limits.callsPerMinute = 30
    limits.originCallsPerMinute = 20
    limits.networkCallsPerMinute = 3
    #expect(jeans.limits == limits)
    #expect(settings.verifier != nil)
    #expect(configuration.web.tokens.keys.map(\.id) == ["new", nil])
    #expect(configuration.pageOrigins == ["https://Shop.example", "https://jeans.example:8443"])
    #expect(!EffectiveText.of(configuration).contains("0123456789abcdef"))
  }

  @Test func aSecretComesFromTheEnvironmentToo() throws {
    let configuration = try Reading.read(
      "web: {tokens: {keys: [{id: a}]}}\n",
      ["TRIALOGUE_WEB_TOKENS_KEYS_0__SECRET": "0123456789abcdef0123456789abcdef"])
    #expect(configuration.widgetSettings.verifier != nil)
  }

  static let wrong: [(String, String)] = [
    ("widgets: [{name: a b}]", "web.widgets[0].name: 'a b' is no name"),
    ("widgets: [{destination: support}]", "web.widgets[0].name: '' is no name"),
    (
      "widgets: [{name: a, destination: \"sip:conf.example\"}]",
      "web.widgets[0].destination: 'sip:conf.example' names nothing"
    ),
    ("widgets: [{name: a, destination: \"mailto:x\"}]", "web.widgets[0].destination: 'mailto:x' names nothing"),
    ("widgets: [{name: a, destination: nowhere}]", "web: the widget 'a' leads to 'nowhere', which is no room"),
    ("widgets: [{name: support}, {name: support}]", "web: the widget 'support' stands here twice"),
    ("widgets: [{name: support, origins: [shop.example]}]", "web.widgets[0].origins: 'shop.example' is no origin"),
    ("widgets: [{name: support, calls: 0}]", "web.widgets[0].calls: '0' is no whole number from 1 to"),
    ("widgets: [{name: support, call: 1}]", "web.widgets[0].call: unknown key; did you mean 'calls'?"),
    ("tokens: {issuer: shop}", "web.tokens.keys: is missing"),
    ("tokens: {keys: [{}]}", "web.tokens.keys[0].secret: or public_key is wanted"),
    ("tokens: {keys: [{secret: short}]}", "web.tokens.keys[0].secret: has at least 32 octets"),
    ("tokens: {keys: [{public_key: x}]}", "web.tokens.keys[0].public_key: is no public key of P-256"),
    ("tokens: {keys: [{secret_file: /nowhere}]}", "web.tokens.keys[0].secret_file: the file '/nowhere' cannot be read"),
    (
      "tokens: {keys: [{secret: \"0123456789abcdef0123456789abcdef\", public_key: x}]}",
      "web.tokens.keys[0].secret: or public_key is wanted, one of them"
    ),
    (
      "tokens: {keys: [{id: a, secret: \"0123456789abcdef0123456789abcdef\"}, {id: a, secret: \"0123456789abcdef0123456789abcdeX\"}]}",
      "web: two keys of tokens have the id 'a'"
    ),
  ]

  @Test(arguments: wrong.indices) func whatIsWrongIsNamed(_ index: Int) {
    let (text, problem) = Self.wrong[index]
    let problems = Reading.problems("web: {\(text)}\n")
    #expect(problems.contains { $0.hasPrefix("f.yaml:1: \(problem)") }, "\(problems)")
  }

  @Test func widgetsAndTokensChangeWithoutARestart() throws {
    let fresh = try Reading.read("web: {widgets: [], origins: [\"https://a.example\"]}\n")
    #expect(try Reading.read("").restartKeys(comparedTo: fresh).isEmpty)
  }

  @Test func turnServersAreReadAndHaveASecret() throws {
    let text = "turn: {urls: [\"turn:turn.example:3478?transport=udp\"], secret: north, lifetime: 600}\n"
    #expect(
      try Reading.read(text).relaySettings
        == RelaySettings(urls: ["turn:turn.example:3478?transport=udp"], secret: Redacted("north"), lifetime: 600))
    #expect(try Reading.read("").relaySettings == nil)
    for (text, problem) in [
      ("urls: [\"turn:a\"]", "turn.secret: is missing"),
      ("urls: [\"stun:a\"], secret: north", "turn.urls: 'stun:a' is no address of a TURN server"),
      ("urls: [\"turn://a\"], secret: north", "turn.urls: 'turn://a' is no address of a TURN server"),
    ] {
      let problems = Reading.problems("turn: {\(text)}\n")
      #expect(problems.contains { $0.hasPrefix("f.yaml:1: \(problem)") }, "\(problems)")
    }
  }
}

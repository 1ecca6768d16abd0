import Application
import Primitives
import SIP

/// A page whose visitors call by its button, over a WebSocket of the browser.
struct ShopPage {
  let bench: CallBench
  var origin: PageOrigin? = PageOrigin("https://shop.example", isOurs: false)
  var address = TransportAddress(.v4(0xC633_6407), port: 40_000)
  /// What the visitor's messages hold beside what all have.
  var headers: [(name: String, value: String)] = []

  static let secret = Redacted("a secret of the shop, 32 octets or more")
  static let mint = TokenMint(secret: secret)
  static let ours = PageOrigin("https://conf.example:8443", isOurs: true)

  static func widget(_ change: (inout Widget) -> Void = { _ in }) -> Widget {
    var widget = Widget(name: "help", destination: SIPURI(user: "support", host: CallBench.domain))
    change(&widget)
    return widget
  }

  static func settings(
    tokens: Bool = true, _ widget: Widget = widget(), more: [Widget] = []
  ) -> WidgetSettings {
    WidgetSettings(
      widgets: [widget] + more, origins: ["https://shop.example"],
      verifier: tokens
        ? TokenVerifier(keys: [TokenKey(secret: secret)].compactMap(\.self), domain: "conf.example") : nil)
  }

  var source: SIPSource {
    SIPSource(transport: .wss, remote: address, local: RecordedWire.local, flow: FlowID(1), origin: origin)
  }

  func token(_ change: (inout CallToken) -> Void = { _ in }) -> String {
    let now = bench.time.unixTime
    var token = CallToken(widget: "help", origin: "https://shop.example", expires: now + 300)
    change(&token)
    return ShopPage.mint.mint(token, issued: now)
  }

  func phone(_ target: String = "help", call: String = "call-1") -> Phone {
    Phone(user: "visitor", target: "sip:\(target)@conf.example", callID: call, fromHost: "anonymous.invalid")
  }

  /// Calls; the final answer.
  func call(
    _ target: String = "help", call: String = "call-1", token: String? = nil,
    _ change: (inout SIPRequest) -> Void = { _ in }
  ) async -> SIPResponse? {
    var phone = phone(target, call: call)
    var invite = phone.invite()
    if let token { invite.headers.append("Authorization", "Bearer \(token)") }
    for header in headers { invite.headers.append(header.name, header.value) }
    change(&invite)
    return await bench.deliver(invite, from: source).last
  }

  /// A call that stands.
  func established(call: String = "call-1", token: String? = nil) async -> Phone {
    var phone = phone(call: call)
    var invite = phone.invite()
    if let token { invite.headers.append("Authorization", "Bearer \(token)") }
    phone.learn(await bench.deliver(invite, from: source).last)
    await bench.deliver(phone.ack(), from: source)
    return phone
  }
}

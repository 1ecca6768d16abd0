import Application
import HTTPTypes
import Hummingbird
import Primitives

/// What the demo's shop has in place of a back end: gives its page a token for each call, as `token-url` of the button wants it.
package struct ShopTokens: Sendable {
  /// Whether there is anything to sign with.
  package enum Supply: Sendable {
    case mint(TokenMint)
    /// Nobody asks for tokens here: the page calls without one.
    case unneeded
    /// Tokens are asked for, and the keys are not ours to sign with.
    case withheld
  }

  /// What the shop knows of the visitor who has signed in.
  static let visitor = ["customer": "Juliana Weber", "order": "4711", "item": "Jeans Elbe 29/32"]
  /// Seconds: long enough to find the microphone.
  static let lifetime: Int64 = 300

  private struct Wish: Decodable { var widget: String }
  private struct Grant: Encodable {
    var token: String?
    var iceServers: [RelayDescription.Server]?
  }

  private let supply: Supply
  private let control: any ControlPlane
  private let clock: any Timekeeping

  package init(_ supply: Supply, control: any ControlPlane, clock: any Timekeeping) {
    self.supply = supply
    self.control = control
    self.clock = clock
  }

  package func add<Context: RequestContext>(to router: Router<Context>) {
    router.post("demo/shop/call-token") { [supply, control, clock] request, _ in
      // The shop's own page, and no other's.
      guard let origin = request.headers[.origin], Access.isOwnPage(origin, of: request) else {
        throw Problem(ControlError(.forbidden, "Only the shop's own page gets a token here"))
      }
      let wish = try await JSONBody.read(Wish.self, from: request, known: ["widget"])
      switch supply {
      case .unneeded: return try JSONBody.response(Grant())
      case .withheld:
        throw Problem(ControlError(.notFound, "The demo's shop has no key of web.tokens: run 'trialogue demo'"))
      case .mint(let mint):
        guard NamePattern.isPlainName(wish.widget) else {
          throw Problem(ControlError(.invalid, "That is no name of a widget", field: "widget"))
        }
        var random = RandomSource.system
        let now = clock.unixTime
        let token = CallToken(
          widget: wish.widget, origin: origin.lowercased(), id: random.token(16), expires: now + ShopTokens.lifetime,
          context: ShopTokens.visitor)
        let relays = await control.relays().iceServers
        var response = try JSONBody.response(
          Grant(token: mint.mint(token, issued: now), iceServers: relays.isEmpty ? nil : relays))
        response.headers[.cacheControl] = "no-store"
        return response
      }
    }
  }
}

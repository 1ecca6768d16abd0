import Application
import Primitives

/// The secret of the demo's shop: made at the start, known to nobody else, gone with the process.
struct ShopKey: Sendable {
  private static let id = "demo-shop"
  private let secret: Redacted<String>

  init() {
    var random = RandomSource.system
    secret = Redacted(random.token(64))
  }

  var mint: TokenMint { TokenMint(secret: secret, id: ShopKey.id) }

  /// Calls by widgets need tokens of the shop from now on, unless the operator's file has keys of its own.
  func add(to configuration: inout Configuration) -> Bool {
    guard configuration.web.tokens.keys.isEmpty else { return false }
    configuration.web.tokens.keys = [.init(id: ShopKey.id, material: .secret(secret))]
    return true
  }
}

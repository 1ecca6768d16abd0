import HTTPTypes
import Hummingbird

extension Access {
  /// True if a page asks that this very listener served: its origin is the authority that the request was sent to. Browsers set
  /// both, and a page can change neither.
  static func isOwnPage(_ origin: String, of request: Request) -> Bool {
    guard let authority = request.head.authority?.lowercased(), !authority.isEmpty else { return false }
    let origin = origin.lowercased()
    return origin == "http://" + authority || origin == "https://" + authority
  }
}

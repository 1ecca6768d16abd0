import Application
import HTTPTypes
import Hummingbird

extension Access {
  /// Who asks, for logs: by the token's beginning of a hash, which tells tokens apart and gives none away; `local`
  /// without one.
  static func person(of request: Request) -> String {
    guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else { return "local" }
    return PersonName.ofToken(String(header.dropFirst(7)))
  }
}

import Application
import HTTPTypes
import Hummingbird
import Primitives

/// Who may do what: the one permission check of REST, event stream and every later door.
package struct Access: Sendable {
  /// In ascending order: each may do what those before it may.
  package enum Role: Int, Comparable, Sendable, CaseIterable {
    case viewer, agent, supervisor, admin
    package static func < (left: Role, right: Role) -> Bool { left.rawValue < right.rawValue }
  }

  /// Bearer token → role. Empty: whoever reaches the private listener is an admin.
  private let tokens: [String: Role]
  /// False for a listener that strangers reach: without tokens it lets nobody in.
  private let trustsCallers: Bool

  package init(tokens: [String: Role] = [:], trustsCallers: Bool = true) {
    self.tokens = tokens
    self.trustsCallers = trustsCallers
  }

  func require(_ role: Role, of request: Request) throws {
    if tokens.isEmpty { return try requireLocalClient(request) }
    guard let header = request.headers[.authorization], header.lowercased().hasPrefix("bearer ") else {
      throw Problem(ControlError(.unauthorized, "Send 'Authorization: Bearer TOKEN' with a token of api.tokens"))
    }
    let given = Array(header.dropFirst(7).utf8)
    // Every token is compared in full, so that the time of the answer tells nothing.
    var found: Role?
    for (token, role) in tokens {
      let expected = Array(token.utf8)
      var difference = expected.count ^ given.count
      for index in expected.indices {
        difference |= Int(expected[index] ^ (index < given.count ? given[index] : 0))
      }
      if difference == 0 { found = role }
    }
    guard let found else { throw Problem(ControlError(.unauthorized, "The token is not known")) }
    guard found >= role else { throw Problem(ControlError(.forbidden, "This needs the role '\(role)'")) }
  }

  /// Without tokens the private listener trusts whoever reaches it, and our own pages, but no others in that person's
  /// browser: neither one that posts across sites (it sends its Origin) nor one whose name was pointed at this machine (it
  /// sends its name as Host).
  private func requireLocalClient(_ request: Request) throws {
    guard trustsCallers else {
      throw Problem(ControlError(.unauthorized, "Nobody may use this interface from outside yet: set api.tokens"))
    }
    if let origin = request.headers[.origin], !Self.isOwnPage(origin, of: request) {
      throw Problem(
        ControlError(.forbidden, "Pages of others may not use this interface without a token: set api.tokens"))
    }
    let host = request.head.authority.map(Self.host) ?? ""
    guard host == "localhost" || IPAddress(host) != nil else {
      throw Problem(
        ControlError(.forbidden, "Without api.tokens this interface is reached by address or as localhost only"))
    }
  }

  /// The host of an authority without port and brackets.
  static func host(_ authority: String) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[authority.index(after: authority.startIndex)..<end])
    }
    return String(authority.prefix { $0 != ":" }).lowercased()
  }
}

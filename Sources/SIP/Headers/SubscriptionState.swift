/// How a subscription stands, told in each NOTIFY: RFC 6665, section 8.2.3.
package struct SubscriptionState: Hashable, Sendable {
  /// `active`, `pending`, `terminated`, in lower case; unknown ones are kept.
  package var state: String
  /// Seconds that are left.
  package var expires: UInt32?
  package var reason: String?

  package init(state: String, expires: UInt32? = nil, reason: String? = nil) {
    self.state = state
    self.expires = expires
    self.reason = reason
  }

  package init?(_ text: String) {
    guard let value = ParameterizedToken(parsing: text) else { return nil }
    self.init(
      state: value.token.lowercased(),
      expires: value.parameters["expires"].flatMap { CharacterClass.saturated($0, as: UInt32.self) },
      reason: value.parameters["reason"])
  }
}

extension SubscriptionState: CustomStringConvertible {
  package var description: String {
    var parameters = SIPParameters()
    parameters["expires"] = expires.map { String($0) }
    parameters["reason"] = reason
    return "\(state)\(parameters)"
  }
}

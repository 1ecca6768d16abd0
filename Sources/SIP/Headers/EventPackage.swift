/// What a subscription is about: the Event header of RFC 6665, section 8.2.1.
package struct EventPackage: Hashable, Sendable {
  package var name: String
  package var id: String?

  package init(name: String, id: String? = nil) {
    self.name = name
    self.id = id
  }

  package init?(_ text: String) {
    guard let value = ParameterizedToken(parsing: text) else { return nil }
    self.init(name: value.token, id: value.parameters["id"])
  }
}

extension EventPackage: CustomStringConvertible {
  package var description: String {
    var parameters = SIPParameters()
    parameters["id"] = id
    return "\(name)\(parameters)"
  }
}

/// A word with parameters, as in Event (RFC 6665, section 8.2.1), Subscription-State (8.2.3), Reason (RFC 3326) and
/// Content-Disposition (RFC 3261, section 20.11).
package struct ParameterizedToken: Hashable, Sendable {
  package var token: String
  package var parameters = SIPParameters()

  package init(_ token: String, parameters: SIPParameters = SIPParameters()) {
    self.token = token
    self.parameters = parameters
  }

  package init?(parsing text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    guard let token = scanner.token(), let parameters = SIPParameters(&scanner) else { return nil }
    self.init(token, parameters: parameters)
  }
}

extension ParameterizedToken: CustomStringConvertible {
  package var description: String { "\(token)\(parameters)" }
}

/// The dialog that an INVITE takes the place of: RFC 3891, section 6.1.
package struct Replaces: Hashable, Sendable {
  package var callID: String
  package var toTag: String
  package var fromTag: String
  package var isEarlyOnly: Bool

  package init(callID: String, toTag: String, fromTag: String, isEarlyOnly: Bool = false) {
    self.callID = callID
    self.toTag = toTag
    self.fromTag = fromTag
    self.isEarlyOnly = isEarlyOnly
  }

  package init?(_ text: String) {
    var scanner = TextScanner(text)
    scanner.skipSpace()
    let callID = scanner.take { $0 != UInt8(ascii: ";") && !CharacterClass.isSpace($0) }
    guard !callID.isEmpty, let parameters = SIPParameters(&scanner), let toTag = parameters["to-tag"],
      let fromTag = parameters["from-tag"]
    else { return nil }
    self.init(callID: callID, toTag: toTag, fromTag: fromTag, isEarlyOnly: parameters.has("early-only"))
  }
}

extension Replaces: CustomStringConvertible {
  package var description: String {
    var parameters = SIPParameters()
    parameters["to-tag"] = toTag
    parameters["from-tag"] = fromTag
    if isEarlyOnly { parameters.setFlag("early-only") }
    return "\(callID)\(parameters)"
  }
}

/// Why a request was sent, as in `Q.850;cause=16;text="…"`: RFC 3326, section 2.
package struct ReasonValue: Hashable, Sendable {
  /// `SIP`, `Q.850` or another.
  package var `protocol`: String
  package var cause: Int?
  package var text: String?

  package init(protocol: String, cause: Int? = nil, text: String? = nil) {
    self.protocol = `protocol`
    self.cause = cause
    self.text = text
  }

  package init?(_ text: String) {
    guard let value = ParameterizedToken(parsing: text) else { return nil }
    self.init(
      protocol: value.token, cause: value.parameters["cause"].flatMap { CharacterClass.number($0, as: Int.self) },
      text: value.parameters["text"])
  }
}

extension ReasonValue: CustomStringConvertible {
  package var description: String {
    `protocol` + (cause.map { ";cause=\($0)" } ?? "") + (text.map { ";text=" + CharacterClass.quoted($0) } ?? "")
  }
}

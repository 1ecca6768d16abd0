/// Why a text is no session description; costs one offer or answer.
package struct SDPParseError: Error, Hashable, Sendable {
  /// Counted from 1; 0 if the whole text is meant.
  package var line: Int
  package var reason: String

  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }
}

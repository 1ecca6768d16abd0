/// Which customer context a call may bring along, and how much.
package struct ContextPolicy: Hashable, Sendable {
  /// What follows `X-Call-` in the headers that anybody may send, in lower case. Nil: any name.
  package var open: Set<String>?
  /// Names that only authenticated callers may set.
  package var trusted: Set<String> = []
  package var maximumValues = 16
  /// Octets, before and after decoding.
  package var maximumLength = 255
  package init(open: Set<String>? = nil, trusted: Set<String> = []) {
    self.open = open
    self.trusted = trusted
  }
}

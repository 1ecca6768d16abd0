/// One `a=` line: RFC 8866, section 5.13.
package struct SDPAttribute: Hashable, Sendable {
  package var name: String
  /// Nil for a property attribute such as `a=recvonly`.
  package var value: String?

  package init(_ name: String, _ value: String? = nil) {
    self.name = name
    self.value = value
  }
}

extension SDPAttribute: CustomStringConvertible {
  package var description: String { value.map { "\(name):\($0)" } ?? name }
}

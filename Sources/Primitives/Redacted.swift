/// A value that must not reach a log, a metric or a core file by accident: personal data, keys, digits.
package struct Redacted<Value: Sendable>: Sendable {
  /// The value itself, for the one place that needs it.
  package let value: Value
  package init(_ value: Value) { self.value = value }
}

extension Redacted: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "‹redacted›" }
  package var debugDescription: String { "‹redacted›" }
  package var customMirror: Mirror { Mirror(self, children: []) }
}

extension Redacted: Equatable where Value: Equatable {}
extension Redacted: Hashable where Value: Hashable {}

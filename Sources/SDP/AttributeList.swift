/// The `a=` lines of a session or of one media, in order.
package struct AttributeList: Hashable, Sendable {
  package var fields: [SDPAttribute]

  package init(_ fields: [SDPAttribute] = []) { self.fields = fields }

  /// The value of the first attribute of that name; nil also for one without a value.
  package subscript(name: String) -> String? { fields.first { $0.name == name }?.value }

  package func has(_ name: String) -> Bool { fields.contains { $0.name == name } }

  package func all(_ name: String) -> [String] { fields.compactMap { $0.name == name ? $0.value : nil } }

  package mutating func append(_ name: String, _ value: String? = nil) { fields.append(SDPAttribute(name, value)) }

  package mutating func remove(_ name: String) { fields.removeAll { $0.name == name } }

  package mutating func set(_ name: String, _ value: String? = nil) {
    remove(name)
    append(name, value)
  }
}

/// What is known of the customer of a call: values that a shop's back end has signed, and values that a page or a phone has
/// said. Follows the customer through every transfer and to everybody who is brought in.
package struct CallContext: Hashable, Sendable {
  /// Of the call that brought it; empty if none did.
  package var id: String
  package private(set) var values: [String: String]
  /// Keys in `values` that can be relied on; all others are hearsay.
  package private(set) var signed: Set<String>

  /// What nobody has signed.
  package init(id: String = "", values: [String: String] = [:]) {
    self.id = id
    self.values = values
    signed = []
  }

  /// What is signed goes before what is not: in place of a value of that name, and within the limit of values.
  package init(id: String, signed: [String: String], unsigned: [String: String], limit: Int) {
    self.id = id
    values = signed
    self.signed = Set(signed.keys)
    for (key, value) in unsigned.sorted(by: { $0.key < $1.key }) where values[key] == nil && values.count < limit {
      values[key] = value
    }
  }

  package func isSigned(_ key: String) -> Bool { signed.contains(key) }

  /// With what another call has of the same customer: newer, but not than what is signed.
  package func merging(_ other: CallContext) -> CallContext {
    var context = adding(other.values.filter { !other.isSigned($0.key) })
    for key in other.signed {
      context.values[key] = other.values[key]
      context.signed.insert(key)
    }
    return context
  }

  /// With more that nobody has signed, such as what the caller has keyed in: newer than what was, but not than what is signed.
  package func adding(_ more: [String: String]) -> CallContext {
    var context = self
    for (key, value) in more where !isSigned(key) { context.values[key] = value }
    return context
  }
}

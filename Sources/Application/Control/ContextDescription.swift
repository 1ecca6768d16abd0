/// What is known of a customer, and how far it can be relied on.
package struct ContextDescription: Codable, Hashable, Sendable {
  package var id: String
  /// What the shop's back end has signed.
  package var signed: [String: String]
  /// What a page or a phone has said.
  package var unsigned: [String: String]
  /// The calls that have it, in the order of their beginning.
  package var calls: [String]

  package init(id: String, signed: [String: String], unsigned: [String: String], calls: [String]) {
    self.id = id
    self.signed = signed
    self.unsigned = unsigned
    self.calls = calls
  }
}

/// The name that a transaction user gives to a client transaction of its own, to match what comes back.
package struct ClientTransactionID: Hashable, Sendable {
  package var rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
}

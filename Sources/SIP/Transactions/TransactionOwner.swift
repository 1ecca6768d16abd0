/// Which transaction wants a message sent, so that a transport that fails can tell it.
package enum TransactionOwner: Hashable, Sendable {
  case client(ClientTransactionKey)
  case server(ServerTransactionID)
  /// ACKs of 2xx and stateless responses: nobody waits.
  case none
}

/// What the transaction layer wants done, in order: bytes for the transport, events for the transaction user.
package enum TransactionAction: Sendable {
  /// Bytes of one message for the peer; `owner` is told to `TransactionLayer.transportFailed` if they cannot go.
  case send([UInt8], to: TransactionPeer, owner: TransactionOwner)
  /// A request that opens a server transaction. It came from the peer; `respond` answers it.
  case deliver(SIPRequest, ServerTransactionID, from: TransactionPeer)
  /// An ACK that belongs to no failed INVITE: that of a 2xx.
  case deliverACK(SIPRequest, from: TransactionPeer)
  /// A CANCEL came while the INVITE had no final response; the CANCEL itself is answered.
  case cancelled(ServerTransactionID)
  /// A provisional or final response to a request of the user; a 2xx to INVITE every time it comes.
  case response(SIPResponse, ClientTransactionID)
  /// No final response comes any more.
  case failed(ClientTransactionID, TransactionFailure)
}

/// What one transaction machine wants done; the layer knows for whom and for which peer.
enum TransactionOutput: Hashable, Sendable {
  /// Bytes for the transaction's peer.
  case send([UInt8])
  /// The same, and it counts as a retransmission.
  case sendAgain([UInt8])
  /// A response for the transaction user.
  case deliver(SIPResponse)
  /// The transaction ends without a final response.
  case fail(TransactionFailure)
  /// A CANCEL that waited for a provisional response may go now.
  case sendCancel
}

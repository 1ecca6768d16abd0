import SIP

/// How far a call has come.
package enum CallStage: Sendable {
  /// Its INVITE has no final response yet.
  case incoming(SIPRequest, ServerTransactionID)
  case outgoing(OutgoingAttempt)
  case established
  /// Over for the room; the BYE waits for the ACK of our 2xx (RFC 3261, section 15).
  case leaving
  case ended
}

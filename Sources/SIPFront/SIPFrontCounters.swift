import SIP

/// What came, went and was refused, for the metrics page.
package struct SIPFrontCounters: Hashable, Sendable {
  package var messagesIn: UInt64 = 0
  package var messagesOut: UInt64 = 0
  /// Could not be read as SIP.
  package var malformed: UInt64 = 0
  /// Read, but refused by the checks of RFC 3261, section 8.2, or 18.3.
  package var invalid: UInt64 = 0
  /// Keep-alives and empty datagrams.
  package var keepAlives: UInt64 = 0
  /// New requests answered 503 because the user is behind.
  package var overloaded: UInt64 = 0
  /// Messages that the transport could not send.
  package var unsent: UInt64 = 0
  package var connectionsOpened: UInt64 = 0
  /// Connections refused by a cap.
  package var connectionsRefused: UInt64 = 0
  /// Connections closed by a deadline, or because the peer reads too slowly.
  package var connectionsExpired: UInt64 = 0
  /// Now open.
  package var connections = 0
  package var serverTransactions = 0
  package var clientTransactions = 0
  package var transactions = TransactionCounters()

  package init() {}
}

/// What the transaction layer absorbed, refused or dropped, for the metrics page.
package struct TransactionCounters: Hashable, Sendable {
  /// Requests that came again and were absorbed or answered from memory.
  package var retransmittedRequests: UInt64 = 0
  /// Messages that we sent again because nothing came back.
  package var retransmissions: UInt64 = 0
  /// Requests refused with 503 because the table was full.
  package var refusedRequests: UInt64 = 0
  /// Responses that no client transaction waits for.
  package var strayResponses: UInt64 = 0
  /// Responses of the user that no server transaction waits for.
  package var strayAnswers: UInt64 = 0
  /// Messages without a Via, branch or CSeq that can be read.
  package var unmatchable: UInt64 = 0
  /// Server transactions whose 3xx–6xx was never acknowledged (timer H).
  package var unacknowledged: UInt64 = 0
  /// Server transactions that their user never answered.
  package var unanswered: UInt64 = 0
  /// Client transactions that ended in timer B or F.
  package var timeouts: UInt64 = 0

  package init() {}
}

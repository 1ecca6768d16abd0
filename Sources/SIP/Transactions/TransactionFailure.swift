/// Why a client transaction ended without a final response (RFC 3261, sections 17.1.4 and 8.1.3.1).
package enum TransactionFailure: Hashable, Sendable {
  /// Timer B or F fired, or a cancelled INVITE never got its final response.
  case timeout
  /// The transport could not deliver the request.
  case transport(reason: String)
  /// There are as many client transactions as the cap allows.
  case overload
}

/// Why an offer/answer came to nothing; costs the exchange, not the call.
package enum NegotiationError: Error, Hashable, Sendable {
  /// No section that we can use: answer 488.
  case nothingInCommon
  /// The answer's `m=` lines are not those of the offer (RFC 3264, section 6).
  case mismatch
}

/// Why an agent has no pair that may be sent to: costs the leg's media until a restart or a new pair.
package enum ICEFailure: Error, Hashable, Sendable, Codable {
  /// The peer nominated nothing in time.
  case noNomination
  /// No valid check on the selected pair for 30 s: RFC 7675, section 5.1.
  case consentExpired(CandidatePair)
  /// The selected pair's TCP connection is gone.
  case connectionClosed(CandidatePair)
}

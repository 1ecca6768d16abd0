import Primitives

/// What an agent wants done, in order.
package enum ICEAction: Hashable, Sendable {
  /// A STUN message for where the check came from.
  case send([UInt8], to: CandidatePair)
  /// From now on media and DTLS go to this pair, and to no other.
  case selected(CandidatePair)
  /// Nothing may be sent until the next `selected`.
  case stopped(ICEFailure)
  /// Checks with this ufrag are answered no more: take it out of the table of agents.
  case retired(UfragKey)
}

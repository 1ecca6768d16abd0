/// What an agent took, refused or dropped, for the metrics page.
package struct ICECounters: Hashable, Sendable, Codable {
  /// Valid checks, answered with success.
  package var checks: UInt64 = 0
  /// Not STUN, broken, or damaged.
  package var malformed: UInt64 = 0
  /// Requests that the peer's credentials do not protect; they get no answer.
  package var unauthenticated: UInt64 = 0
  /// Requests dropped unread because too many come from addresses that have not proved themselves.
  package var flooded: UInt64 = 0
  /// Indications, responses and other methods: nothing that a lite agent waits for.
  package var ignored: UInt64 = 0
  /// Valid requests answered with 420.
  package var unknownAttributes: UInt64 = 0
  /// Valid requests answered with 487.
  package var roleConflicts: UInt64 = 0
  /// Valid checks on a pair whose consent expired; they get no answer.
  package var barred: UInt64 = 0
  /// Authentic checks that were taken before, from elsewhere or long ago; they get no answer.
  package var replayed: UInt64 = 0
  /// Nominations of a lesser pair right after one of a better pair.
  package var heldNominations: UInt64 = 0
  /// Pairs that were forgotten because the peer had too many.
  package var evictedPairs: UInt64 = 0
  /// Remote candidates beyond the cap.
  package var refusedCandidates: UInt64 = 0

  package init() {}
}

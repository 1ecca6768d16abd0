import Primitives

/// The durations behind timers A to M: RFC 3261, table 4, and RFC 6026, section 7.
package struct TransactionTimers: Hashable, Sendable {
  /// Estimate of the round-trip time.
  package var t1 = Duration.milliseconds(500)
  /// Longest interval between retransmissions of a non-INVITE request or of a response to INVITE.
  package var t2 = Duration.seconds(4)
  /// Longest time that a message stays in the network.
  package var t4 = Duration.seconds(5)
  /// Timer D: how long a client absorbs retransmitted final responses to INVITE over UDP.
  package var d = Duration.seconds(32)
  /// How long the transaction user may think before the server transaction says 100 (RFC 3261, section 17.2.1).
  package var trying = Duration.milliseconds(200)
  /// How long after a CANCEL a final response to the INVITE is waited for: 64 × T1 (RFC 3261, section 9.1).
  /// Also timers B, F, H, J, L and M.
  package var giveUp: Duration { t1 * 64 }
  /// How long a server transaction waits for its user's final response to a request that is not INVITE (RFC 4320: no
  /// client waits longer than 64 × T1), or to an INVITE, before it is given up.
  package var orphanNonInvite: Duration { t1 * 128 }
  package var orphanInvite = Duration.seconds(600)

  package init() {}
}

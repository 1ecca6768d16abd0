/// What the checks of RFC 3550, appendix A.1, say of a packet's sequence number.
package enum SequenceVerdict: Hashable, Sendable {
  /// Part of the stream; both counters without their wraps.
  case accepted(extendedSequence: Int64, extendedTimestamp: Int64)
  /// The first packet of a source that still has to show a second one in order.
  case probation
  /// A large jump that no second packet has confirmed.
  case rejected
}

/// Why a packet was not protected or not let in: costs that packet, nothing else. State is as it was before.
package enum SRTPError: Error, Hashable, Sendable {
  /// Shorter than a header and a tag, or than its own header says.
  case tooShort
  /// Longer than a UDP datagram, or than the span it stands in.
  case tooLong
  /// The version is not 2.
  case version
  /// The span has no room for the tag behind the packet.
  case noRoom
  /// The tag is wrong: a forgery, another key, or a roll-over counter that was never seen.
  case authentication
  /// The index was used before; when sending, it would use up the same key stream twice.
  case replayed
  /// The index is older than the replay window reaches back.
  case tooOld
  /// The session sends from `SRTPContext.maximumSources` sources already.
  case tooManySources
  /// 2⁴⁸ packets of RTP or 2³¹ of RTCP: a new key is needed.
  case keyExhausted
  /// The context was made for the other direction.
  case direction
  /// OpenSSL refused.
  case library
}

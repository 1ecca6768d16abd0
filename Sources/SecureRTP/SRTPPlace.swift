/// Where a packet's parts stand, and which packet of which source it is.
struct SRTPPlace: Hashable, Sendable {
  var ssrc: UInt32
  /// 48 bits for RTP, 31 for RTCP.
  var index: UInt64
  /// Octets at the start that stay readable.
  var header: Int
  /// Octets without tag and index word: `header..<count` is encrypted.
  var count: Int

  /// The 32 bits above the sequence number.
  var rollOverCounter: UInt32 { UInt32(truncatingIfNeeded: index >> 16) }
}

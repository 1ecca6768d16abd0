/// What a context knows of one source: where its RTP and its RTCP stand; RFC 3711, section 3.2.3.
struct SRTPSource: Hashable, Sendable {
  /// The first index that RTCP has no more: 31 bits.
  static let rtcpLimit: UInt64 = 1 << 31
  /// The first index that RTP has no more: the roll-over counter's 32 bits above the sequence number's 16.
  static let rtpLimit: UInt64 = 1 << 48

  let ssrc: UInt32
  var rtp = ReplayWindow()
  /// Received RTCP; unused when sending.
  var rtcp = ReplayWindow()
  /// The index of the next RTCP packet that is sent.
  var nextRTCP: UInt64 = 0
  /// The context's count of packets when this source was last heard: the lowest is forgotten first.
  var lastUse: UInt64 = 0

  /// The 48-bit index of a sequence number, by the nearest roll-over counter; RFC 3711, appendix A.
  ///
  /// Before the first packet the counter is 0. Where it would fall below 0 it stays 0: no packet was sent before it.
  func index(of sequence: UInt16) -> UInt64 {
    let wire = UInt64(sequence)
    guard let highest = rtp.highest else { return wire }
    let counter = highest >> 16
    let last = highest & 0xFFFF
    var guess = counter
    if last < 0x8000 {
      if wire > last &+ 0x8000, counter > 0 { guess = counter &- 1 }
    } else if wire < last &- 0x8000 {
      guess = counter &+ 1
    }
    return guess << 16 | wire
  }
}

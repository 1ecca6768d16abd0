import Primitives

/// What a source says of its own sending and of what it receives; RFC 3550, section 6.4.1, packet type 200.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|    RC   |   PT=SR=200   |             length            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         SSRC of sender                        |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |              NTP timestamp, most significant word             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |             NTP timestamp, least significant word             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         RTP timestamp                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                     sender's packet count                     |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      sender's octet count                     |
/// +=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+=+
/// |                        report blocks …                        |
/// ```
package struct SenderReport: Hashable, Sendable {
  package var ssrc: UInt32
  /// Seconds since 1900 in the upper 32 bits, their fraction in the lower.
  package var ntp: UInt64
  package var timestamp: UInt32
  package var packetCount: UInt32
  package var octetCount: UInt32
  /// At most 31.
  package var blocks: [ReportBlock]

  package init(
    ssrc: UInt32, ntp: UInt64, timestamp: UInt32, packetCount: UInt32, octetCount: UInt32, blocks: [ReportBlock] = []
  ) {
    self.ssrc = ssrc
    self.ntp = ntp
    self.timestamp = timestamp
    self.packetCount = packetCount
    self.octetCount = octetCount
    self.blocks = blocks
  }
}

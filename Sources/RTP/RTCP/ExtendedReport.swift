import Primitives

/// An extended report (XR), RFC 3611, section 2, packet type 207: a sender and blocks.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |V=2|P|reserved |   PT=XR=207   |             length            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                              SSRC                             |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |      BT       | type-specific |         block length          |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// :                      type-specific contents                   :
/// ```
package struct ExtendedReport: Hashable, Sendable {
  /// One block of the report.
  package enum Block: Hashable, Sendable {
    /// Block type 4, section 4.4: the NTP time of a receiver that sends no sender reports.
    case receiverReferenceTime(ntp: UInt64)
    /// Block type 7, section 4.7.
    case voipMetrics(VoIPMetricsBlock)
    /// Every other block as it stood; `contents` is a multiple of 4 octets.
    case other(type: UInt8, specific: UInt8, contents: [UInt8])
  }

  package var ssrc: UInt32
  package var blocks: [Block]

  package init(ssrc: UInt32, blocks: [Block]) {
    self.ssrc = ssrc
    self.blocks = blocks
  }
}

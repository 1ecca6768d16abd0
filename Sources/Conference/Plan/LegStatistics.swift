import Codecs

/// Counters of a leg since it was opened. Times in milliseconds, levels in dBFS.
package struct LegStatistics: Hashable, Sendable, Codable {
  package var leg: LegID
  package var codec: CodecName?
  package var packetsReceived: UInt64 = 0
  package var packetsSent: UInt64 = 0
  package var octetsReceived: UInt64 = 0
  package var octetsSent: UInt64 = 0
  /// Gaps in the sequence numbers, RFC 3550, appendix A.3; never negative here.
  package var packetsLost: UInt64 = 0
  package var packetsLate: UInt64 = 0
  package var packetsDuplicate: UInt64 = 0
  /// Datagrams that were no RTP, came from a foreign source or broke a rule: dropped.
  package var packetsRejected: UInt64 = 0
  package var framesConcealed: UInt64 = 0
  /// Interarrival jitter, RFC 3550, section 6.4.1.
  package var jitter: Double = 0
  /// Of the playout buffer.
  package var jitterBufferDelay: Double = 0
  /// By RTCP, nil before the first report.
  package var roundTripTime: Double?
  /// What the peer lost of what we sent, 0 to 1, by its last report.
  package var remoteLossFraction: Double?
  package var level: Double = -127
  package init(leg: LegID) { self.leg = leg }
}

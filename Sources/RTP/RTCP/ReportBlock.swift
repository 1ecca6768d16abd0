import Primitives

/// Reception of one source as a receiver reports it; RFC 3550, section 6.4.1.
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                             SSRC                              |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// | fraction lost |       cumulative number of packets lost       |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |           extended highest sequence number received           |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                      interarrival jitter                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                         last SR (LSR)                         |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |                   delay since last SR (DLSR)                  |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package struct ReportBlock: Hashable, Sendable {
  static let size = 24

  package var ssrc: UInt32
  /// Lost since the previous report, in 1/256.
  package var fractionLost: UInt8
  /// 24 bits, signed: duplicates can make it negative.
  package var cumulativeLost: Int32
  package var highestSequence: UInt32
  /// In ticks of the source's RTP clock.
  package var jitter: UInt32
  /// The middle 32 bits of the last sender report's NTP time, 0 if there was none.
  package var lastSenderReport: UInt32
  /// In 1/65,536 s.
  package var delaySinceLastSenderReport: UInt32

  package init(
    ssrc: UInt32, fractionLost: UInt8, cumulativeLost: Int32, highestSequence: UInt32, jitter: UInt32,
    lastSenderReport: UInt32, delaySinceLastSenderReport: UInt32
  ) {
    self.ssrc = ssrc
    self.fractionLost = fractionLost
    self.cumulativeLost = cumulativeLost
    self.highestSequence = highestSequence
    self.jitter = jitter
    self.lastSenderReport = lastSenderReport
    self.delaySinceLastSenderReport = delaySinceLastSenderReport
  }

  /// The round trip in milliseconds, as its sender's counterpart reckons it when the block arrives; nil if the block
  /// answers no sender report or the figures contradict each other. RFC 3550, section 6.4.1, figure 2.
  ///
  /// - Parameter ntp: our wall clock as 64-bit NTP time when the block arrived.
  package func roundTripTime(arrivedAt ntp: UInt64) -> Double? {
    guard lastSenderReport != 0 else { return nil }
    let arrival = UInt32(truncatingIfNeeded: ntp >> 16)
    let elapsed = Int32(bitPattern: arrival &- lastSenderReport &- delaySinceLastSenderReport)
    guard elapsed >= 0, elapsed < 60 << 16 else { return nil }
    return Double(elapsed) * 1_000 / 65_536
  }

  init?(_ octets: Span<UInt8>) {
    var reader = ByteReader(octets)
    guard let ssrc = reader.readUInt32(), let fraction = reader.readUInt8(), let lost = reader.readUInt24(),
      let highest = reader.readUInt32(), let jitter = reader.readUInt32(), let lastReport = reader.readUInt32(),
      let delay = reader.readUInt32()
    else { return nil }
    self.init(
      ssrc: ssrc, fractionLost: fraction, cumulativeLost: Int32(bitPattern: lost << 8) >> 8, highestSequence: highest,
      jitter: jitter, lastSenderReport: lastReport, delaySinceLastSenderReport: delay)
  }

  func write(to writer: inout ByteWriter) {
    writer.write(ssrc)
    writer.write(fractionLost)
    writer.writeUInt24(UInt32(bitPattern: cumulativeLost))
    writer.write(highestSequence)
    writer.write(jitter)
    writer.write(lastSenderReport)
    writer.write(delaySinceLastSenderReport)
  }
}

import Primitives

/// One source that we send: its SSRC, sequence numbers, timestamps and the counters of its sender reports; RFC 3550,
/// sections 5.1 and 6.4.1.
package struct SendStream: Sendable {
  package let ssrc: UInt32
  /// Of the next packet.
  package private(set) var sequence: UInt16
  /// Of the next packet.
  package private(set) var timestamp: UInt32
  /// Both wrap, as the report's fields do.
  package private(set) var packetCount: UInt32 = 0
  package private(set) var octetCount: UInt32 = 0
  /// Whose voice or picture it is (CSRC), if that is told; 0 for nobody's.
  package var contributor: UInt32 = 0
  private var lastTimestamp: UInt32
  private var lastSent: Instant?

  package init(ssrc: UInt32, sequence: UInt16, timestamp: UInt32) {
    self.ssrc = ssrc
    self.sequence = sequence
    self.timestamp = timestamp
    lastTimestamp = timestamp
  }

  /// A stream that starts at random, as RFC 3550, section 5.1, wants.
  package init(random: inout RandomSource) {
    let bits = random.next()
    self.init(
      ssrc: UInt32(truncatingIfNeeded: bits), sequence: UInt16(truncatingIfNeeded: bits >> 32),
      timestamp: UInt32(truncatingIfNeeded: random.next()))
  }

  /// Time passes by `ticks` of the RTP clock, whether something is sent or not.
  package mutating func advance(ticks: UInt32) { timestamp &+= ticks }

  /// Passes over numbers of packets that were lost before they came here: their receiver is to know.
  package mutating func skip(numbers: Int) { sequence &+= UInt16(truncatingIfNeeded: max(numbers, 0)) }

  /// Octets of the next packet's header.
  package var headerSize: Int { contributor == 0 ? RTPHeader.size : RTPHeader.size &+ 4 }

  /// Writes the header of the next packet, counts the packet and moves the sequence number on. The timestamp stays: `advance`
  /// moves it. Returns `headerSize`, or 0 if `packet` has no room.
  ///
  /// - Parameters:
  ///   - timestamp: another timestamp than the stream's own (RFC 4733 events keep the one of their start).
  ///   - behind: the packet takes a number that `skip` passed over, so many back; the sequence number does not move on.
  package mutating func write(
    into packet: inout MutableSpan<UInt8>, payloadType: UInt8, marker: Bool, payloadCount: Int, at now: Instant,
    timestamp other: UInt32? = nil, behind: Int = 0
  ) -> Int {
    guard packet.count >= headerSize else { return 0 }
    _ = RTPHeader.write(
      into: &packet, payloadType: payloadType, marker: marker,
      sequence: sequence &- UInt16(truncatingIfNeeded: max(behind, 0)), timestamp: other ?? timestamp, ssrc: ssrc)
    let count = RTPHeader.add(contributor: contributor, to: &packet)
    if behind <= 0 { sequence &+= 1 }
    packetCount &+= 1
    octetCount &+= UInt32(truncatingIfNeeded: payloadCount)
    lastTimestamp = timestamp
    lastSent = now
    return count
  }

  /// The report of this moment. Its RTP timestamp is that of the same moment as `wallClockNTP`, not of the last packet.
  package func senderReport(
    at now: Instant, wallClockNTP: UInt64, clockRate: Int, blocks: [ReportBlock] = []
  ) -> SenderReport {
    var ticks: UInt32 = 0
    if let lastSent {
      let seconds = min(max(Double(now.nanoseconds(since: lastSent)) / 1e9, 0), 3_600)
      ticks = UInt32(truncatingIfNeeded: Int64(seconds * Double(clockRate)))
    }
    return SenderReport(
      ssrc: ssrc, ntp: wallClockNTP, timestamp: lastTimestamp &+ ticks, packetCount: packetCount,
      octetCount: octetCount, blocks: blocks)
  }
}

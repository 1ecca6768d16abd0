import Primitives
import RTP
import Testing

/// Counters of what is received and sent, and whom media is taken from.
@Suite struct StreamTests {
  static func header(_ sequence: UInt16, _ timestamp: UInt32 = 0, ssrc: UInt32 = 7) -> RTPHeader {
    var packet = [UInt8](repeating: 0, count: 172)
    var span = packet.mutableSpan
    _ = RTPHeader.write(
      into: &span, payloadType: 0, marker: false, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
    do { return try RTPHeader.parse(packet.span) } catch { preconditionFailure("our own header must parse: \(error)") }
  }

  static func at(_ milliseconds: Int64) -> Instant { Instant.zero.advanced(byMilliseconds: milliseconds) }

  @Test func aSourceCountsFromItsSecondPacketInOrder() {
    var stream = ReceiveStream(ssrc: 7)
    #expect(stream.receive(Self.header(10), arrival: Self.at(0), clockRate: 8_000) == .probation)
    #expect(stream.receive(Self.header(12), arrival: Self.at(20), clockRate: 8_000) == .probation)
    #expect(
      stream.receive(Self.header(13, 160), arrival: Self.at(40), clockRate: 8_000)
        == .accepted(extendedSequence: 13, extendedTimestamp: 160))
    #expect(stream.packetsReceived == 1)
  }

  @Test func countersGoOnOverTheWrapAndLossIsReported() {
    var stream = ReceiveStream(ssrc: 7, minimumSequential: 1)
    for index in 0..<200 where index % 10 != 5 {
      let verdict = stream.receive(
        Self.header(
          UInt16(truncatingIfNeeded: 65_500 + index), UInt32(truncatingIfNeeded: 4_294_960_000 + index * 160)),
        arrival: Self.at(Int64(index) * 20), clockRate: 8_000)
      #expect(
        verdict
          == .accepted(
            extendedSequence: Int64(65_500 + index), extendedTimestamp: Int64(4_294_960_000 + index * 160)))
    }
    #expect(stream.packetsLost == 20)
    #expect(stream.jitter < 0.001)
    let block = stream.reportBlock(at: Self.at(4_000))
    #expect(block?.cumulativeLost == 20)
    #expect(block?.fractionLost == 25)  // 20 of 200 in 1/256
    #expect(block?.highestSequence == 65_699)
    #expect(stream.reportBlock(at: Self.at(4_000))?.fractionLost == 0)
  }

  @Test func jitterIsThatOfTheRFC() {
    var stream = ReceiveStream(ssrc: 7, minimumSequential: 1)
    // Every second packet is 10 ms late: |D| is 10 ms for all, so that J tends to 10 ms.
    for index in 0..<500 {
      _ = stream.receive(
        Self.header(UInt16(index), UInt32(index * 160)), arrival: Self.at(Int64(index * 20 + index % 2 * 10)),
        clockRate: 8_000)
    }
    #expect(abs(stream.jitter - 10) < 0.1)
    #expect(
      stream.reportBlock(at: Self.at(10_000))?.jitter == 79 || stream.reportBlock(at: Self.at(10_000))?.jitter == 80)
  }

  @Test func aLargeJumpNeedsTwoPacketsAndKeepsTheOrder() {
    var stream = ReceiveStream(ssrc: 7, minimumSequential: 1)
    for index: UInt16 in 0..<100 { _ = stream.receive(Self.header(index), arrival: Self.at(0), clockRate: 8_000) }
    #expect(stream.receive(Self.header(40_000), arrival: Self.at(0), clockRate: 8_000) == .rejected)
    #expect(stream.receive(Self.header(100), arrival: Self.at(0), clockRate: 8_000) != .rejected)
    #expect(stream.receive(Self.header(40_000), arrival: Self.at(0), clockRate: 8_000) == .rejected)
    guard case .accepted(let sequence, _) = stream.receive(Self.header(40_001), arrival: Self.at(0), clockRate: 8_000)
    else {
      Issue.record("two in order must be taken")
      return
    }
    #expect(sequence > 100)
    #expect(sequence & 0xFFFF == 40_001)
    #expect(stream.packetsReceived == 102)
    #expect(stream.packetsLost == 0)
  }

  @Test func theRoundTripComesFromOurOwnReportsEcho() {
    var stream = ReceiveStream(ssrc: 7, minimumSequential: 1)
    _ = stream.receive(Self.header(1), arrival: Self.at(0), clockRate: 8_000)
    let ntp: UInt64 = 0xE000_0000_8000_0000
    stream.received(
      SenderReport(ssrc: 7, ntp: ntp, timestamp: 0, packetCount: 1, octetCount: 160), at: Self.at(100))
    let block = stream.reportBlock(at: Self.at(600))
    #expect(block?.lastSenderReport == 0x0000_8000)
    #expect(block?.delaySinceLastSenderReport == 32_768)
    // The sender gets it 540 ms after its report: 40 ms on the way.
    let arrival = ntp + UInt64(0.54 * 4_294_967_296)
    let roundTrip = block?.roundTripTime(arrivedAt: arrival) ?? 0
    #expect(abs(roundTrip - 40) < 0.1)
    #expect(block?.roundTripTime(arrivedAt: ntp) == nil)
  }

  @Test func aSendersReportSpeaksOfItsOwnMoment() {
    var stream = SendStream(ssrc: 9, sequence: 65_535, timestamp: 1_000)
    var packet = [UInt8](repeating: 0, count: 172)
    for index in 0..<3 {
      var span = packet.mutableSpan
      _ = stream.write(
        into: &span, payloadType: 0, marker: index == 0, payloadCount: 160, at: Self.at(Int64(index) * 20))
      stream.advance(ticks: 160)
    }
    #expect(stream.sequence == 2)
    let report = stream.senderReport(at: Self.at(50), wallClockNTP: 5, clockRate: 8_000)
    #expect(report.packetCount == 3)
    #expect(report.octetCount == 480)
    #expect(report.timestamp == 1_000 + 320 + 80)
  }

  @Test func aStreamTellsWhoseVoiceItIs() throws {
    var stream = SendStream(ssrc: 9, sequence: 1, timestamp: 0)
    #expect(stream.headerSize == 12)
    stream.contributor = 0x0102_0304
    var packet = [UInt8](repeating: 7, count: 20)
    var count = 0
    do {
      var span = packet.mutableSpan
      count = stream.write(into: &span, payloadType: 0, marker: false, payloadCount: 4, at: Self.at(0))
    }
    #expect(count == 16 && count == stream.headerSize)
    let header = try RTPHeader.parse(packet.span)
    #expect(header.contributorCount == 1 && Array(packet[12..<16]) == [1, 2, 3, 4])
    #expect(header.payloadRange == 16..<20 && header.ssrc == 9)
    var short = [UInt8](repeating: 7, count: 15)
    var span = short.mutableSpan
    #expect(stream.write(into: &span, payloadType: 0, marker: false, payloadCount: 0, at: Self.at(0)) == 0)
    #expect(stream.sequence == 2)
  }

  @Test func mediaIsTakenFromWhereItIsExpected() {
    let expected = TransportAddress(.loopbackV4, port: 4_000)
    let foreign = TransportAddress(.v4(0x7F00_0009), port: 4_000)
    var sources = SourceGuard(expected: expected)
    #expect(sources.remote == expected)
    #expect(sources.admit(from: expected, ssrc: 1, payloadTypeKnown: false, at: .zero) == .rejected)
    #expect(sources.admit(from: expected, ssrc: 1, payloadTypeKnown: true, at: .zero) == .accepted)
    for index in 0..<100 {
      #expect(
        sources.admit(from: foreign, ssrc: 1, payloadTypeKnown: true, at: Self.at(Int64(index))) == .rejected)
    }
    #expect(sources.remote == expected)
    #expect(sources.rejectedCount == 101)
  }

  @Test func anAddressBehindNATIsLearnedOnce() {
    let expected = TransportAddress(.v4(0x0A00_0001), port: 4_000)
    let real = TransportAddress(.v4(0xC000_0201), port: 9_999)
    let thief = TransportAddress(.v4(0xC000_0202), port: 9_999)
    var sources = SourceGuard(expected: expected)
    #expect(sources.admit(from: real, ssrc: 1, payloadTypeKnown: true, at: Self.at(0)) == .rejected)
    #expect(sources.admit(from: thief, ssrc: 2, payloadTypeKnown: true, at: Self.at(10)) == .rejected)
    for _ in 0..<2 { #expect(sources.admit(from: real, ssrc: 1, payloadTypeKnown: true, at: Self.at(20)) == .rejected) }
    #expect(sources.admit(from: real, ssrc: 1, payloadTypeKnown: true, at: Self.at(60)) == .learned(real))
    #expect(sources.remote == real)
    for _ in 0..<10 {
      #expect(sources.admit(from: thief, ssrc: 1, payloadTypeKnown: true, at: Self.at(80)) == .rejected)
    }
    sources.expected(expected)
    #expect(sources.remote == real, "the same SDP again changes nothing")
    sources.expected(TransportAddress(.v4(0xC000_0201), port: 7_000))
    #expect(sources.remote?.port == 7_000)
  }

  @Test func learningEndsAfterAWhile() {
    let expected = TransportAddress(.v4(0x0A00_0001), port: 4_000)
    let foreign = TransportAddress(.v4(0xC000_0201), port: 9_999)
    var sources = SourceGuard(expected: expected)
    #expect(sources.admit(from: foreign, ssrc: 1, payloadTypeKnown: true, at: Self.at(0)) == .rejected)
    for _ in 0..<10 {
      #expect(sources.admit(from: foreign, ssrc: 1, payloadTypeKnown: true, at: Self.at(6_000)) == .rejected)
    }
    #expect(sources.admit(from: expected, ssrc: 1, payloadTypeKnown: true, at: Self.at(9_000)) == .accepted)
  }

  @Test func aForgedSourceNumberDoesNotReplaceTheCallers() {
    let expected = TransportAddress(.loopbackV4, port: 4_000)
    var sources = SourceGuard(expected: expected)
    for index in 0..<50 {
      #expect(sources.admit(from: expected, ssrc: 1, payloadTypeKnown: true, at: Self.at(Int64(index))) == .accepted)
      #expect(sources.admit(from: expected, ssrc: 2, payloadTypeKnown: true, at: Self.at(Int64(index))) == .rejected)
    }
    for turn in 0..<3 {
      let admission = sources.admit(from: expected, ssrc: 3, payloadTypeKnown: true, at: Self.at(100))
      #expect(admission == (turn < 2 ? .rejected : .accepted), "a real change lasts")
    }
  }

  @Test func fewPacketsGoToAnAddressThatHasNotProvedItself() {
    let expected = TransportAddress(.loopbackV4, port: 4_000)
    var sources = SourceGuard(expected: expected)
    #expect((0..<100).count { _ in sources.maySend() } == 5)
    _ = sources.admit(from: expected, ssrc: 1, payloadTypeKnown: true, at: .zero)
    #expect((0..<100).count { _ in sources.maySend() } == 100)
  }
}

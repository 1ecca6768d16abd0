import RTP
import Testing

@testable import trialogue

/// What a caller counts of what it receives.
@Suite struct ReceiveTallyTests {
  static let interval: Int64 = 20_000_000

  private func header(_ sequence: UInt16, timestamp: UInt32, ssrc: UInt32 = 7) throws -> RTPHeader {
    var octets = Array(repeating: UInt8(0), count: 172)
    do {
      var span = octets.mutableSpan
      _ = RTPHeader.write(
        into: &span, payloadType: 0, marker: false, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
    }
    return try RTPHeader.parse(octets.span)
  }

  /// Packets by their place in the stream, each so many milliseconds late; the tally and the deviations.
  private func receive(_ places: [Int], late: [Int: Int64] = [:], from first: Int = 0) throws -> (
    ReceiveTally, [Double]
  ) {
    var tally = ReceiveTally()
    var deviations: [Double] = []
    for place in places {
      let header = try header(
        UInt16(truncatingIfNeeded: first + place), timestamp: UInt32(truncatingIfNeeded: (first + place) * 160))
      let time = Int64(place) * Self.interval + (late[place] ?? 0) * 1_000_000
      if let deviation = tally.receive(header, time: time, clockRate: 8_000) { deviations.append(deviation) }
    }
    return (tally, deviations)
  }

  @Test func aStreamWithoutGapsLosesNothing() throws {
    let (tally, deviations) = try receive(Array(0..<50))
    #expect(tally.received == 50 && tally.lost == 0 && tally.duplicates == 0)
    #expect(tally.octets == 50 * 160)
    #expect(tally.expected(in: 0..<Self.interval * 50) == 50)
    #expect(deviations.count == 49 && deviations.allSatisfy { $0 == 0 })
    #expect(tally.longestGap == Self.interval)
  }

  @Test func whatIsMissingIsLost() throws {
    let (tally, deviations) = try receive([0, 1, 2, 5, 6, 9])
    #expect(tally.received == 6 && tally.lost == 4)
    #expect(tally.expected(in: 0..<Self.interval * 10) == 10)
    // A gap is no jitter: the time stamps tell of it.
    #expect(deviations.allSatisfy { $0 == 0 })
    #expect(tally.longestGap == 3 * Self.interval)
  }

  @Test func sequenceNumbersMayWrap() throws {
    let (tally, _) = try receive(Array(0..<20), from: 65_530)
    #expect(tally.received == 20 && tally.lost == 0)
  }

  @Test func whatComesTwiceIsCountedOnce() throws {
    let (tally, _) = try receive([0, 1, 1, 2, 2, 3])
    #expect(tally.received == 4 && tally.duplicates == 2 && tally.lost == 0)
  }

  @Test func latenessIsJitter() throws {
    let (_, deviations) = try receive(Array(0..<5), late: [2: 7])
    #expect(deviations == [0, 7, 7, 0])
  }

  @Test func aNewSourceIsNoLoss() throws {
    var tally = ReceiveTally()
    for place in 0..<3 {
      _ = tally.receive(
        try header(UInt16(place), timestamp: UInt32(place * 160)), time: Int64(place) * Self.interval, clockRate: 8_000)
    }
    for place in 0..<3 {
      _ = tally.receive(
        try header(UInt16(40_000 + place), timestamp: UInt32(place * 160), ssrc: 9),
        time: Int64(place + 3) * Self.interval, clockRate: 8_000)
    }
    #expect(tally.received == 6 && tally.lost == 0)
  }

  @Test func aWindowWithoutPacketsExpectsThemAllTheSame() {
    #expect(ReceiveTally().expected(in: 0..<Self.interval * 10) == 10)
  }

  @Test func whatStopsEarlyIsMissed() throws {
    let (tally, _) = try receive(Array(0..<10))
    #expect(tally.expected(in: 0..<Self.interval * 50) == 50)
  }

  @Test func quantilesOfTimesAreToATenth() {
    var histogram = JitterHistogram()
    #expect(histogram.quantile(0.5) == 0)
    for index in 1...100 { histogram.record(Double(index) / 10) }
    histogram.record(500)
    #expect(histogram.count == 101 && histogram.worst == 500)
    #expect(abs(histogram.quantile(0.5) - 5.1) < 0.11)
    #expect(abs(histogram.quantile(0.99) - 10.0) < 0.11)
    // A clock that was set back makes no index below zero.
    histogram.record(-3)
    #expect(histogram.count == 102)
  }
}

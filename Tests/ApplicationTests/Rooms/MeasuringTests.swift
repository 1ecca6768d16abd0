import Conference
import Testing

@testable import Application

/// Levels and qualities are measured when somebody looks, and not more often than that is worth.
@Suite struct MeasuringTests {
  private func asked(_ bench: ConsentTests.Bench) -> Int {
    bench.media.commands.count { if case .reportStatistics = $0.1 { true } else { false } }
  }

  @Test func aMeasurementIsAskedForAndShownToWhoLooksNext() async throws {
    let bench = try await ConsentTests.Bench(record: false)
    let seat = try await bench.call("sip:a@x")
    #expect(try await bench.directory.description(of: "3000").members.map(\.level) == [nil])
    await bench.directory.measure()
    await bench.directory.measure()
    #expect(asked(bench) == 1, "many lookers, one measurement")
    var statistics = LegStatistics(leg: seat.leg)
    statistics.level = -23.4
    statistics.packetsReceived = 50
    statistics.packetsLost = 2
    statistics.jitter = 4
    await bench.directory.handle(.statistics([statistics, LegStatistics(leg: LegID(99))]), in: seat.room)
    let member = try #require(try await bench.directory.description(of: "3000").members.first)
    #expect(member.level == -23)
    let quality = try #require(await bench.directory.qualities[member.call])
    bench.time.advance(seconds: 1)
    await bench.directory.measure()
    #expect(asked(bench) == 2)
    #expect(quality.packetsReceived == 50 && quality.packetsLost == 2 && quality.jitter == 4)
  }
}

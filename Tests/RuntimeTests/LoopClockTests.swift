import Primitives
import Testing

@testable import Runtime

@Suite struct LoopClockTests {
  @Test func deadlinesAreOneQuantumApartHoweverLateTheLoopWakes() {
    var clock = LoopClock(quantum: .milliseconds(5), start: .zero)
    var deadlines: [Int64] = []
    for late in [0, 2_000_000, 0, 7_000_000, 0] as [Int64] {
      deadlines.append(clock.deadline.nanoseconds / 1_000_000)
      #expect(clock.advance(at: clock.deadline.advanced(byNanoseconds: late)) == nil)
    }
    #expect(deadlines == [5, 10, 15, 20, 25])
  }

  @Test func roomsTickOnceInTwentyMilliseconds() {
    var clock = LoopClock(quantum: .milliseconds(5), start: .zero)
    var slots: [Int] = []
    for _ in 0..<8 {
      slots.append(clock.slot)
      _ = clock.advance(at: clock.deadline)
    }
    #expect(slots == [0, 1, 2, 3, 0, 1, 2, 3])
  }

  @Test func aStallStartsTheBeatAnewInsteadOfCatchingUp() {
    var clock = LoopClock(quantum: .milliseconds(5), start: .zero)
    let woken = clock.deadline.advanced(byMilliseconds: 101)
    #expect(clock.advance(at: woken) == 20)
    #expect(clock.deadline == woken.advanced(byMilliseconds: 5))
  }

  @Test(arguments: [(0, 1), (1, 1), (2, 2), (5, 5), (7, 10), (20, 20), (50, 20)])
  func theQuantumDividesThePeriod(wanted: Int, given: Int) {
    let clock = LoopClock(quantum: .milliseconds(wanted), start: .zero)
    #expect(clock.quantum * Int64(clock.slots) == 20_000_000)
    #expect(clock.quantum == Int64(given) * 1_000_000)
  }
}

@Suite struct LatenessHistogramTests {
  @Test func countsInPowersOfTwo() {
    var histogram = LatenessHistogram()
    for nanoseconds in [-1, 0, 15_999, 16_000, 40_000, 300_000_000] as [Int64] { histogram.record(nanoseconds) }
    #expect(histogram.buckets[0] == 3)
    #expect(histogram.buckets[1] == 1)
    #expect(histogram.buckets[2] == 1)
    #expect(histogram.buckets[15] == 1)
    #expect(histogram.worst == 300_000_000)
    #expect(histogram.percentile(0.5) == 16)
    #expect(histogram.percentile(1) == 300_000)
  }
}

@Suite struct LoadMeterTests {
  @Test func measuresTheShareOfACoreOnceASecond() {
    var meter = LoadMeter(at: .zero, threadTime: 0)
    #expect(meter.measure(at: Instant(nanoseconds: 999_000_000), threadTime: 5) == nil)
    let load = meter.measure(at: Instant(nanoseconds: 2_000_000_000), threadTime: 500_000_000)
    #expect(load == 0.25)
    #expect(meter.measure(at: Instant(nanoseconds: 2_500_000_000), threadTime: 600_000_000) == nil)
  }
}

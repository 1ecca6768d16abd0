import Primitives
import RTP
import Testing

@testable import Conference

/// The estimate against a simulated way of given width, queue and loss, in virtual time.
@Suite struct BandwidthTests {
  /// A bottleneck with a queue of at most 300 ms, and a receiver that reports every 100 ms.
  struct Way {
    var estimator = BandwidthEstimator()
    var random = RandomSource.seeded(3)
    var arrivals = TransportArrivals(sender: 1)
    var now = Instant.zero
    /// Bits a second, and random loss in percent.
    var width: Double
    var loss: UInt64 = 0
    /// Random delay of a packet, nanoseconds.
    var jitter: UInt64 = 0
    /// What is sent at most, and what would be if the way bore it, in bit/s: where these differ the way is probed.
    var demand = Int.max
    var wanted = 0
    /// The longest time that a packet waited in the queue, in milliseconds.
    var longestWait = 0.0
    private(set) var probes = 0
    private var free = Instant.zero
    private var number: UInt16 = 60_000
    private var owed = 0.0
    private var underway: [(at: Instant, number: UInt16)] = []

    init(width: Double) { self.width = width }

    /// Sends at the estimate for so long; returns the mean of the estimate over the second half.
    mutating func run(seconds: Int) -> Double {
      var sum = 0.0
      let steps = seconds * 200
      for step in 0..<steps {
        now = now.advanced(byMilliseconds: 5)
        owed += Double(min(estimator.bitrate, demand)) / 200 / 8
        if step % 50 == 0, let packets = estimator.probe(for: wanted, at: now) {
          probes += 1
          for _ in 0..<packets { send(octets: BandwidthProbe.packetOctets, isProbe: true) }
        }
        while owed >= 1_000 {
          owed -= 1_000
          send(octets: 1_000)
        }
        underway.sort { $0.at < $1.at }
        while let first = underway.first, first.at <= now {
          arrivals.receive(first.number, media: 1, at: first.at)
          underway.removeFirst()
        }
        if let report = arrivals.feedback(at: now) { estimator.receive(report, at: now) }
        if step >= steps / 2 { sum += Double(estimator.bitrate) }
      }
      return sum / Double(steps - steps / 2)
    }

    private mutating func send(octets: Int, isProbe: Bool = false) {
      estimator.sent(number, octets: octets, at: now, isProbe: isProbe)
      defer { number &+= 1 }
      let begin = max(now, free)
      guard begin.milliseconds(since: now) < 300, random.next() % 100 >= loss else { return }
      longestWait = max(longestWait, begin.milliseconds(since: now))
      free = begin.advanced(byNanoseconds: Int64(Double(octets) * 8 / width * 1e9))
      let late = jitter > 0 ? Int64(random.next() % jitter) : 0
      underway.append((free.advanced(byNanoseconds: 30_000_000 + late), number))
    }
  }

  @Test(arguments: [300_000.0, 1_000_000, 3_000_000]) func theEstimateFindsTheWidth(width: Double) {
    var way = Way(width: width)
    let mean = way.run(seconds: 60)
    #expect(mean > width * 0.6 && mean < width * 1.15, "\(mean)")
  }

  @Test func aNarrowedWayIsSeenInThreeSecondsAndItsWideningInTwenty() {
    var way = Way(width: 2_000_000)
    #expect(way.run(seconds: 40) > 1_200_000)
    way.width = 300_000
    _ = way.run(seconds: 3)
    #expect(way.estimator.bitrate < 400_000, "\(way.estimator.bitrate)")
    way.width = 2_000_000
    _ = way.run(seconds: 20)
    #expect(way.estimator.bitrate > 700_000, "\(way.estimator.bitrate)")
  }

  /// A small picture goes, a large one would: growth by what arrives would take a minute.
  @Test func aWayThatIsHardlyUsedIsFoundWideByTrainsOfPadding() {
    var way = Way(width: 300_000)
    way.wanted = 1_500_000
    _ = way.run(seconds: 20)
    way.demand = 150_000
    _ = way.run(seconds: 5)
    #expect(way.estimator.bitrate < 500_000, "\(way.estimator.bitrate)")
    way.width = 5_000_000
    _ = way.run(seconds: 4)
    #expect(way.estimator.bitrate > 1_400_000, "\(way.estimator.bitrate)")
    // What is wanted has been found: no more trains.
    let probes = way.probes
    way.wanted = 1_000_000
    _ = way.run(seconds: 5)
    #expect(way.probes == probes)
  }

  @Test func trainsDoNotFillANarrowWay() {
    var way = Way(width: 300_000)
    way.wanted = 2_000_000
    _ = way.run(seconds: 20)
    way.longestWait = 0
    let mean = way.run(seconds: 40)
    #expect(mean > 300_000 * 0.6 && mean < 300_000 * 1.15, "\(mean)")
    #expect(way.probes < 60, "\(way.probes)")
    #expect(way.longestWait < 300)
  }

  @Test func jitterAloneIsNoQueue() {
    var way = Way(width: 10_000_000)
    way.jitter = 8_000_000
    #expect(way.run(seconds: 30) > 1_500_000)
  }

  @Test func heavyLossLowersItLightLossDoesNot() {
    var light = Way(width: 10_000_000)
    light.loss = 1
    let mean = light.run(seconds: 20)
    #expect(mean > 900_000, "\(mean)")
    var heavy = Way(width: 10_000_000)
    heavy.loss = 20
    let low = heavy.run(seconds: 20)
    #expect(low < 250_000, "\(low)")
  }

  @Test func limitsHold() {
    var estimator = BandwidthEstimator(limit: 500_000)
    #expect(estimator.bitrate == 500_000)
    estimator.receive(MaximumBitrate(sender: 1, bitrate: 200_000, ssrcs: []), at: .zero)
    #expect(estimator.bitrate == 200_000)
    estimator.receive(MaximumBitrate(sender: 1, bitrate: .max, ssrcs: []), at: .zero)
    #expect(estimator.bitrate == 500_000)
    estimator.receive(MaximumBitrate(sender: 1, bitrate: 0, ssrcs: []), at: .zero)
    #expect(estimator.bitrate == BandwidthEstimator.minimum)
  }
}

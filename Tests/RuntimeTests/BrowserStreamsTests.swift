import Conference
import Primitives
import Testing

@testable import Runtime

@Suite struct BrowserStreamsTests {
  private var streams = BrowserStreams()

  /// A connection of nobody's from one of many hosts.
  private static func stream(_ port: Int, host: Int = 1, at milliseconds: Int64 = 0) -> BrowserStream {
    BrowserStream(
      TCPSocket(owning: -1), from: TransportAddress(.v4(UInt32(host)), port: UInt16(port)),
      at: Instant.zero.advanced(byMilliseconds: milliseconds))
  }

  private mutating func takes(_ stream: BrowserStream) -> Bool { streams.insert(stream) != nil }

  @Test mutating func strangersOfOneHostAreFew() {
    for port in 1...BrowserStreams.maximumStrangersOfHost { #expect(takes(Self.stream(port))) }
    #expect(!takes(Self.stream(99)))
    #expect(takes(Self.stream(99, host: 2)))
    // Who is known is counted no more.
    #expect(streams.own(1, by: LegID(1)) == nil)
    #expect(takes(Self.stream(99)))
  }

  @Test mutating func theStrangerThatHasWaitedLongestMakesRoom() {
    for host in 1...BrowserStreams.maximumStrangers {
      let place = streams.insert(Self.stream(9, host: host))
      #expect(place != nil)
      #expect(place?.evicted == nil)
    }
    let place = streams.insert(Self.stream(9, host: 999))
    #expect(place?.evicted == 1)
    #expect(streams.remove(1)?.remote == TransportAddress(.v4(1), port: 9))
    #expect(streams.number(at: TransportAddress(.v4(1), port: 9)) == nil)
    #expect(streams.count == BrowserStreams.maximumStrangers)
  }

  @Test mutating func aStrangerHasTenSecondsAndWhoIsKnownHasMore() {
    _ = streams.insert(Self.stream(1))
    _ = streams.insert(Self.stream(2))
    _ = streams.insert(Self.stream(3, at: 5_000))
    _ = streams.own(2, by: LegID(1))
    #expect(streams.overdue(at: Instant.zero.advanced(byMilliseconds: 9_999)) == [])
    #expect(streams.overdue(at: Instant.zero.advanced(byMilliseconds: 10_000)) == [1])
    #expect(streams.overdue(at: Instant.zero.advanced(byMilliseconds: 15_000)) == [1, 3])
  }

  @Test mutating func aLegHasFewConnectionsAndTheOneSilentLongestMakesRoom() {
    for port in 1...5 { _ = streams.insert(Self.stream(port, at: port == 2 ? 0 : 1_000)) }
    for number in 1...4 { #expect(streams.own(UInt32(number), by: LegID(1)) == nil) }
    #expect(streams.own(5, by: LegID(1)) == 2)
    #expect(streams.own(5, by: LegID(1)) == nil, "it is the leg's already")
    _ = streams.remove(2)
    #expect(streams.numbers(of: LegID(1)) == [1, 3, 4, 5])
    for number in [1, 3, 4, 5] as [UInt32] { _ = streams.remove(number) }
    #expect(streams.numbers(of: LegID(1)) == [] && streams.count == 0)
  }

  @Test mutating func allTogetherTheyHaveACap() {
    for number in 1...BrowserStreams.maximum {
      #expect(takes(Self.stream(number)))
      _ = streams.own(UInt32(number), by: LegID(UInt64(number)))
    }
    #expect(!takes(Self.stream(9, host: 2)))
  }
}

import Primitives
import RTP
import Testing

/// Keys as RFC 4733 packets, both ways.
@Suite struct TelephoneEventTests {
  static func payload(_ event: UInt8, end: Bool, _ duration: UInt16) -> [UInt8] {
    var octets = [UInt8](repeating: 0, count: 4)
    var span = octets.mutableSpan
    _ = TelephoneEventPayload(event: event, end: end, volume: 10, duration: duration).write(into: &span)
    return octets
  }

  static func at(_ milliseconds: Int64) -> Instant { Instant.zero.advanced(byMilliseconds: milliseconds) }

  /// All that a receiver finds in packets of (milliseconds, timestamp, marker, event, end, duration).
  static func found(_ packets: [(Int64, UInt32, Bool, UInt8, Bool, UInt16)], lastly: Int64 = 10_000) -> [TelephoneEvent]
  {
    var receiver = TelephoneEventReceiver()
    var events: [TelephoneEvent] = []
    for (time, timestamp, marker, event, end, duration) in packets {
      while let deadline = receiver.deadline, deadline <= at(time), let event = receiver.timeout(at: at(time)) {
        events.append(event)
      }
      if let event = receiver.receive(
        timestamp: timestamp, marker: marker, payload: payload(event, end: end, duration).span, at: at(time))
      {
        events.append(event)
      }
    }
    while let event = receiver.timeout(at: at(lastly)) { events.append(event) }
    #expect(receiver.deadline == nil)
    return events
  }

  @Test(arguments: ["ß", "ŉ", "ﬁ", "ΐ", "e\u{301}", "\r\n", "é"] as [Character])
  func lettersThatAreNoKeysAreRefused(key: Character) {
    #expect(TelephoneEvent.code(of: key) == nil)
    #expect(TelephoneEvent.code(of: "d") == 15)
  }

  @Test func aSendersKeysAreFoundOnceEach() {
    var sender = TelephoneEventSender(clockRate: 8_000)
    let taken = "159#D*x".map { sender.send($0) }
    #expect(taken == [true, true, true, true, true, true, false])
    var receiver = TelephoneEventReceiver()
    var keys = ""
    var timestamp: UInt32 = 0xFFFF_F000
    var ends = 0
    for tick in 0..<200 {
      if case .packet(let payload, let stamp, let marker) = sender.next(timestamp: timestamp) {
        var octets = [UInt8](repeating: 0, count: 4)
        var span = octets.mutableSpan
        _ = payload.write(into: &span)
        if payload.end { ends += 1 }
        if let event = receiver.receive(
          timestamp: stamp, marker: marker, payload: octets.span, at: Self.at(Int64(tick) * 20))
        {
          keys.append(event.digit ?? "?")
          #expect(event.duration == 800)
        }
      }
      timestamp &+= 160
    }
    #expect(keys == "159#D*")
    #expect(ends == 18)
    #expect(sender.isIdle)
  }

  @Test func endPacketsAloneAreAKey() {
    let packet: (UInt32, Bool, UInt8, Bool, UInt16) = (7_000, true, 1, true, 960)
    let events = Self.found([0, 20, 40].map { ($0, packet.0, packet.1, packet.2, packet.3, packet.4) })
    #expect(events.map(\.event) == [1])
  }

  @Test func aKeyWhoseEndIsLostCountsAfterSilence() {
    let events = Self.found([
      (0, 7_000, true, 5, false, 160), (20, 7_000, false, 5, false, 320), (60, 7_000, false, 5, false, 640),
    ])
    #expect(events == [TelephoneEvent(event: 5, timestamp: 7_000, duration: 640)])
  }

  @Test func aKeyWhoseEndIsLostCountsWhenTheNextOneBegins() {
    let events = Self.found([
      (0, 100, true, 5, false, 160), (60, 900, true, 6, true, 160), (80, 900, false, 6, true, 160),
    ])
    #expect(events.map(\.event) == [5, 6])
  }

  @Test func lateRepetitionsOfAFinishedKeyAreNoNewKey() {
    let events = Self.found([
      (0, 100, true, 5, true, 160), (20, 900, true, 6, false, 160), (21, 100, false, 5, true, 160),
      (40, 900, false, 6, true, 320),
    ])
    #expect(events.map(\.event) == [5, 6])
  }

  @Test func aVeryLongKeyIsOne() {
    let events = Self.found([
      (0, 0, true, 5, false, 160), (20, 0, false, 5, false, .max), (40, 65_535, false, 5, false, 160),
      (60, 65_535, false, 5, true, 320),
    ])
    #expect(events == [TelephoneEvent(event: 5, timestamp: 0, duration: 65_535 + 320)])
  }

  @Test func theSameKeyTwiceIsTwo() {
    let events = Self.found([(0, 100, true, 5, true, 160), (200, 2_000, true, 5, true, 160)])
    #expect(events.map(\.event) == [5, 5])
  }

  @Test func shortPayloadsAreNothing() {
    var receiver = TelephoneEventReceiver()
    let short: [UInt8] = [1, 0x80, 0]
    let event = receiver.receive(timestamp: 0, marker: true, payload: short.span, at: .zero)
    #expect(event == nil)
    #expect(receiver.deadline == nil)
  }

  @Test func comfortNoiseSaysItsLevel() {
    let noise: [UInt8] = [0xC5, 1, 2]
    #expect(ComfortNoisePayload(noise.span)?.level == 0x45)
    #expect(ComfortNoisePayload(noise.span.extracting(0..<0)) == nil)
    var octets: [UInt8] = [0]
    var span = octets.mutableSpan
    #expect(ComfortNoisePayload(level: 200).write(into: &span) == 1)
    #expect(octets == [127])
  }
}

import Primitives
import RTP
import TestSupport
import Testing

/// Telephone-event packets in any order: eight octets each of a packet's payload, timestamp step, marker and time.
@Suite struct TelephoneEventFuzzing {
  static let seeds: [[UInt8]] = [
    // Key 5 with updates and three ends; a browser's three ends; a long event in two segments.
    [5, 10, 0, 160, 0, 1, 20, 0] + [5, 10, 1, 64, 0, 0, 20, 0]
      + (0..<3).flatMap { _ in [5, 0x8A, 3, 32, 0, 0, 20, 0] as [UInt8] },
    (0..<3).flatMap { _ in [1, 0x8A, 3, 192, 0, 1, 0, 0] as [UInt8] },
    [2, 10, 0xFF, 0xFF, 0, 1, 20, 0, 2, 10, 0, 10, 255, 2, 20, 0],
  ]

  @Test func keysCountOnceInAnyOrderOfPackets() {
    var fuzzer = Fuzzer("telephone-event", seeds: Self.seeds, limit: 800)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var receiver = TelephoneEventReceiver()
      var timestamp = UInt32(truncatingIfNeeded: random.next())
      var now = Instant.zero
      var outcome = FuzzOutcome.accepted
      var packets = 0
      var events = 0
      var place = 0
      while place < input.count {
        let part = Array(input[place..<min(place + 8, input.count)])
        place += 8
        func octet(_ index: Int) -> UInt8 { index < part.count ? part[index] : 0 }
        let flags = octet(5)
        // 0: the same timestamp; 255 with flag 2: the next segment; else some packets on or back.
        timestamp &+= flags & 2 != 0 ? UInt32(UInt16.max) : UInt32(bitPattern: Int32(Int8(bitPattern: octet(4))) * 160)
        now = now.advanced(byMilliseconds: Int64(octet(6)) << Int64(octet(7) & 7))
        packets += 1
        let payload = Array(part.prefix(4))
        if receiver.receive(timestamp: timestamp, marker: flags & 1 != 0, payload: payload.span, at: now) != nil {
          events += 1
          outcome.add(1)
        }
        if flags & 4 != 0 {
          while receiver.timeout(at: now) != nil {
            events += 1
            outcome.add(2)
            try FuzzFailure.unless(events <= packets, "there are no more keys than packets")
          }
        }
      }
      let end = now.advanced(byMilliseconds: 10_000)
      while let event = receiver.timeout(at: end) {
        events += 1
        _ = event.digit
        try FuzzFailure.unless(events <= packets, "there are no more keys than packets")
      }
      try FuzzFailure.unless(receiver.deadline == nil, "in the end nothing is pending")
      outcome.add(size: events)
      try Self.send(input, random: &random)
      return outcome
    }.check()
  }

  /// What a sender sends is received as the same keys.
  private static func send(_ input: [UInt8], random: inout RandomSource) throws(FuzzFailure) {
    let rate = [1, 8_000, 48_000, Int.max][random.below(4)]
    var sender = TelephoneEventSender(
      clockRate: rate, packetTime: random.below(300) - 20, duration: random.below(20_000) - 100,
      pause: random.below(12_000) - 100, volume: random.octet())
    var receiver = TelephoneEventReceiver()
    var wanted: [UInt8] = []
    for event in input.prefix(3) where sender.send(event) { wanted.append(event) }
    for scalar in String(decoding: input.prefix(12), as: UTF8.self) { _ = TelephoneEvent.code(of: scalar) }
    var heard: [UInt8] = []
    var timestamp = UInt32(truncatingIfNeeded: random.next())
    var now = Instant.zero
    var steps = 0
    while !sender.isIdle {
      steps += 1
      try FuzzFailure.unless(steps < 100_000, "a sender comes to an end")
      timestamp &+= 160
      now = now.advanced(byMilliseconds: 20)
      guard case .packet(let payload, let start, let marker) = sender.next(timestamp: timestamp) else { continue }
      var octets = [UInt8](repeating: 0, count: 4)
      do {
        var span = octets.mutableSpan
        _ = payload.write(into: &span)
      }
      if let event = receiver.receive(timestamp: start, marker: marker, payload: octets.span, at: now) {
        heard.append(event.event)
      }
    }
    try FuzzFailure.unless(heard == wanted, "what is sent is heard", "\(wanted) \(heard)")
  }
}

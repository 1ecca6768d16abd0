import Primitives
import TestSupport
import Testing

@testable import RTP

/// The jitter buffer under packets in any order at any time: each input is a script of what happens to it.
///
/// ```
/// octet  operation           arguments
/// 0–127  a packet comes      sequence step (8, signed), timestamp step in packets (8, signed), milliseconds (8)
/// 128–   audio is wanted     milliseconds (8)
/// 192–   an event comes      sequence step (8, signed)
/// 208–   a jump              sequence (16), timestamp (32), milliseconds (16)
/// 224–   SSRC changes
/// 232–   time passes         16 bits of milliseconds
/// 240–   odd payload         octets (8)
/// ```
@Suite struct JitterBufferFuzzing {
  /// A steady talk spurt with a wanted frame for each packet.
  static let steady: [UInt8] = (0..<60).flatMap { _ in [0, 1, 1, 20, 128, 0] as [UInt8] }
  static let seeds: [[UInt8]] = [
    steady, Array(steady.prefix(60)) + [0, 5, 5, 100] + steady, [208, 0xFF, 0xF0, 0xFF, 0xFF, 0xFF, 0, 0, 20] + steady,
    steady + [232, 4, 0] + steady, steady + [224] + steady,
    (0..<40).flatMap { [0, $0 % 2 == 0 ? 3 : 255, 1, 20, 128, 0, 128, 20] as [UInt8] },
  ]

  private struct Script {
    var bytes: ArraySlice<UInt8>
    mutating func take() -> Int { Int(bytes.popFirst() ?? 0) }
    mutating func step() -> Int { Int(Int8(truncatingIfNeeded: take())) }
    mutating func take(_ count: Int) -> Int { (0..<count).reduce(0) { value, _ in value << 8 | take() } }
  }

  @Test func anyOrderOfPacketsIsPlayedOnceAndComesToRest() {
    var fuzzer = Fuzzer("jitter-buffer", seeds: Self.seeds, limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var script = Script(bytes: input[...])
      let rate = [8_000, 16_000, 44_100, 48_000, 1][random.below(5)]
      let delays = (random.below(100), random.below(400))
      var buffer = JitterBuffer(
        configuration: .init(
          clockRate: rate, frame: [10, 20, 60][random.below(3)], packet: [2, 20, 60][random.below(3)],
          minimumDelay: delays.0, maximumDelay: delays.1, initialDelay: random.below(300)))
      var stream = ReceiveStream(ssrc: 1, minimumSequential: 1)
      var sequence = UInt16(truncatingIfNeeded: random.below(65_536))
      var timestamp = UInt32(truncatingIfNeeded: random.next())
      var now = Instant.zero
      var outcome = FuzzOutcome.accepted
      var inserted: [Int64: Int] = [:]
      var played: Set<Int64> = []
      func packet(_ count: Int) throws(FuzzFailure) {
        let header = RTPHeader(
          marker: count & 1 == 0, payloadType: count == 3 ? 13 : 0, sequence: sequence, timestamp: timestamp, ssrc: 1,
          padding: false, contributorCount: 0, payloadOffset: 12, payloadCount: count, extensionProfile: nil,
          extensionOffset: 0, extensionCount: 0)
        guard
          case .accepted(let number, let time) = stream.receive(header, arrival: now, clockRate: rate)
        else { return }
        let payload = [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: count)
        let result = buffer.insert(
          sequence: number, timestamp: time, payloadType: header.payloadType, marker: header.marker,
          payload: payload.span, at: now)
        switch result {
        case .queued: inserted[number] = count
        case .overflow(let isAnew):
          // Another stream from here on; without that the packet was too large.
          guard isAnew else { return }
          played.removeAll()
          inserted = [number: count]
        case .late, .duplicate: break
        }
      }
      while !script.bytes.isEmpty {
        switch script.take() {
        case 0..<128:
          sequence &+= UInt16(truncatingIfNeeded: script.step())
          timestamp &+= UInt32(truncatingIfNeeded: script.step() * rate / 50)
          now = now.advanced(byMilliseconds: Int64(script.take()))
          try packet(20)
        case 128..<192:
          now = now.advanced(byMilliseconds: Int64(script.take()))
          try Self.play(&buffer, at: now, inserted: inserted, played: &played, outcome: &outcome)
        case 192..<208:
          buffer.skip(sequence: (inserted.keys.max() ?? 0) &+ Int64(script.step()))
        case 208..<224:
          sequence = UInt16(truncatingIfNeeded: script.take(2))
          timestamp = UInt32(truncatingIfNeeded: script.take(4))
          now = now.advanced(byMilliseconds: Int64(script.take(2)))
          try packet(20)
        case 224..<232:
          buffer.reset()
          stream = ReceiveStream(ssrc: 1, minimumSequential: 1)
          inserted.removeAll()
          played.removeAll()
        case 232..<240: now = now.advanced(byMilliseconds: Int64(script.take(2)) * (script.take() > 250 ? 1 << 32 : 1))
        default: try packet(script.take() * 8)
        }
      }
      try Self.settle(&buffer, at: now)
      _ = buffer.metrics.block(
        ssrc: 1, roundTrip: nil, jitterBufferNominal: buffer.targetDelay, jitterBufferMaximum: buffer.currentDelay,
        jitterBufferAbsoluteMaximum: 200, endSystemDelay: buffer.currentDelay)
      return outcome
    }.check()
  }

  private static func play(
    _ buffer: inout JitterBuffer, at now: Instant, inserted: [Int64: Int], played: inout Set<Int64>,
    outcome: inout FuzzOutcome
  ) throws(FuzzFailure) {
    switch buffer.next(at: now) {
    case .packet(let slot):
      outcome.add(1)
      try FuzzFailure.unless(inserted[slot.sequence] == slot.count, "what is played was inserted")
      try FuzzFailure.unless(played.insert(slot.sequence).inserted, "a packet is played once")
      let (count, first) = head(buffer, slot)
      try FuzzFailure.unless(count == slot.count, "a payload has the length that it came with")
      try FuzzFailure.unless(
        count == 0 || first == UInt8(truncatingIfNeeded: slot.sequence),
        "a payload is the one that came with its number")
      buffer.played(ticks: Int64(slot.count) * 8)
    case .lost(let next):
      outcome.add(next == nil ? 2 : 3)
      if let next {
        try FuzzFailure.unless(inserted[next.sequence] != nil, "the packet behind a loss was inserted")
      }
    case .gap: outcome.add(4)
    case .waiting: outcome.add(5)
    }
    outcome.add(buffer.delayAdvice == .keep)
    try FuzzFailure.unless(buffer.currentDelay.isFinite && buffer.targetDelay.isFinite, "delays are numbers")
  }

  private static func head(_ buffer: borrowing JitterBuffer, _ slot: JitterSlot) -> (count: Int, first: UInt8) {
    let payload = buffer.payload(of: slot)
    return (payload.count, payload.count > 0 ? payload[0] : 0)
  }

  /// Without new packets there is an end of audio, at one moment and in all time.
  private static func settle(_ buffer: inout JitterBuffer, at now: Instant) throws(FuzzFailure) {
    for step in [0, 20] as [Int64] {
      var later = now
      var rest = 0
      for _ in 0..<600 where rest < 100 {
        switch buffer.next(at: later) {
        case .packet, .lost: rest = 0
        case .gap, .waiting: rest += 1
        }
        later = later.advanced(byMilliseconds: step)
      }
      try FuzzFailure.unless(rest >= 100, "a buffer that gets nothing comes to rest")
    }
  }
}

import CAllocations
import Codecs
import Conference
import Foundation
import Primitives
import RTP

/// One room with talkers and listeners whose packets were made beforehand.
struct RoomBench {
  struct Result: CustomStringConvertible {
    var name: String
    var members: Int
    var talkers: Int
    var isFromAll: Bool
    /// Microseconds of a tick, and of taking the packets that came for it.
    var tick: Double
    var receive: Double
    var encodings: Double
    var decodings: Double
    /// Per tick, packets taken included.
    var allocations: Double

    var description: String {
      String(
        format: "%@ %7d %7d %@ | %8.1f %8.1f %9.3f | %6.2f %6.2f | %6.3f", name.padding(toLength: 6, withPad: " ", startingAt: 0),
        members, talkers, isFromAll ? "all    " : "talkers", tick, receive, (tick + receive) / Double(members), encodings,
        decodings, allocations)
    }
  }

  private struct Sender {
    var leg: LegID
    var slot: Int
    var address: TransportAddress
    var payloads: [[UInt8]]
    var payloadType: UInt8
    var ticks: UInt32
    var sequence: UInt16 = 1
    var timestamp: UInt32 = 1
    var sends: Bool

    mutating func write(_ tick: Int, ssrc: UInt32, into octets: inout [UInt8]) -> Int {
      let place = tick % payloads.count
      let chosen = payloads[place]
      let payload = chosen.span
      var span = octets.mutableSpan
      _ = RTPHeader.write(
        into: &span, payloadType: payloadType, marker: false, sequence: sequence, timestamp: timestamp, ssrc: ssrc)
      for octet in payload.indices { span[12 + octet] = payload[octet] }
      sequence &+= 1
      timestamp &+= ticks
      return 12 + payload.count
    }
  }

  private var room: Room
  private var queue = DatagramQueue(octets: 1 << 22, datagrams: 4_096)
  private var senders: [Sender] = []
  private var packet = [UInt8](repeating: 0, count: 1_500)
  private var now = Instant.zero
  private let name: String
  private let talkers: Int
  private let isFromAll: Bool

  /// - Parameter mixes: every second member speaks Opus, and the talkers change all the time.
  init(name: String, format: CodecFormat, members: Int, talkers: Int, isFromAll: Bool, mixes: Bool) {
    room = Room(id: RoomID(1), plan: RoomPlan(), random: .seeded(1))
    self.name = name
    self.talkers = talkers
    self.isFromAll = isFromAll
    for index in 0..<members {
      let format = mixes && index % 2 == 1 ? CodecFormat.opus : format
      let type: UInt8 = format.codec == .opus ? 111 : format.codec == .g722 ? 9 : 0
      let address = TransportAddress(.v4(0x0A00_0000 | UInt32(index)), port: 4_000)
      let leg = LegID(UInt64(index + 1))
      let slot = room.addLeg(leg, at: now)
      let payload = PayloadFormat(payloadType: type, format: format)
      let plan = AudioPlan(
        send: payload, receive: [payload], telephoneEvent: TelephoneEventPlan(payloadType: 101, clockRate: format.clockRate),
        remote: address)
      room.apply(.setLegPlan(leg, LegPlan(audio: plan)), at: now)
      room.apply(.admit(leg), at: now)
      let speech = mixes ? Double(index) * 0.7 : index < talkers ? 0 : nil
      senders.append(
        Sender(
          leg: leg, slot: slot, address: address, payloads: Self.payloads(format, number: index, speech: speech),
          payloadType: type, ticks: UInt32(format.clockRate / 50), sends: isFromAll || index < talkers))
    }
  }

  /// Two seconds of packets: a warbling tone, or with a start in `speech` a second of it; silence without.
  private static func payloads(_ format: CodecFormat, number: Int, speech: Double?) -> [[UInt8]] {
    guard
      var encoder = try? AudioEncoder(
        format: format, sampleRate: format.codec == .opus ? 48_000 : format.sampleRate, bitRate: 32_000, complexity: 5)
    else { return [] }
    let rate = Double(encoder.inputRate)
    let count = encoder.inputRate / 50
    return (0..<100).map { packet in
      var samples = [Int16](repeating: 0, count: count)
      if let speech, speech == 0 || (Double(packet) / 50 - speech).truncatingRemainder(dividingBy: 2).magnitude < 0.5 {
        for index in 0..<count {
          let time = Double(packet * count + index) / rate
          let pitch = 140 + Double(number % 7) * 23
          var value = 0.0
          for harmonic in 1...8 { value += sin(2 * .pi * pitch * Double(harmonic) * time) / Double(harmonic) }
          samples[index] = Int16(3_000 * value * (0.6 + 0.4 * sin(2 * .pi * 4 * time)))
        }
      }
      var payload = [UInt8](repeating: 0, count: 1_500)
      var span = payload.mutableSpan
      let octets = encoder.encode(samples.span, into: &span)
      return Array(payload[..<octets])
    }
  }

  mutating func run(ticks: Int) -> Result {
    for tick in 0..<150 {
      receive(tick)
      now = now.advanced(byMilliseconds: 20)
      room.tick(at: now, into: &queue)
      finish()
    }
    var receiving = 0.0
    var ticking = 0.0
    var encodings = 0
    var decodings = 0
    let before = trialogue_allocations()
    for tick in 150..<150 + ticks {
      let start = Self.time()
      receive(tick)
      now = now.advanced(byMilliseconds: 20)
      let middle = Self.time()
      room.tick(at: now, into: &queue)
      let end = Self.time()
      finish()
      receiving += middle - start
      ticking += end - middle
      encodings += room.encodings
      decodings += room.decodings
    }
    let allocations = Double(trialogue_allocations() - before) / Double(ticks)
    let scale = 1 / Double(ticks)
    return Result(
      name: name, members: senders.count, talkers: talkers, isFromAll: isFromAll, tick: ticking * scale,
      receive: receiving * scale, encodings: Double(encodings) * scale, decodings: Double(decodings) * scale,
      allocations: allocations)
  }

  private mutating func finish() {
    queue.removeAll()
    while room.nextEvent() != nil {}
  }

  private mutating func receive(_ tick: Int) {
    // Out of the struct and back, so that the room and the packet can be reached at once.
    var octets: [UInt8] = []
    swap(&octets, &packet)
    for index in senders.indices where senders[index].sends {
      let count = senders[index].write(tick, ssrc: UInt32(index + 1), into: &octets)
      let datagram = octets.span.extracting(first: count)
      room.receive(datagram, channel: .rtp, slot: senders[index].slot, from: senders[index].address, at: now)
    }
    swap(&octets, &packet)
  }

  /// Microseconds of this thread's processor time.
  private static func time() -> Double {
    var time = timespec()
    unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) * 1e6 + Double(time.tv_nsec) * 1e-3
  }
}

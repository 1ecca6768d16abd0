import Primitives
import RTP

/// A sender, a network and the owner of a jitter buffer in virtual time.
struct PlayoutSimulation {
  /// A packet on its way.
  struct Packet {
    var arrival: Instant
    var sequence: Int64
    var timestamp: Int64
    var marker = false
    var payloadType: UInt8 = 0
    var size = 160
    /// A telephone-event: its number came, but no audio.
    var isEvent = false
  }

  struct Step {
    var at: Instant
    var playout: Playout
    /// Milliseconds from the moment the played packet was sent until its first sample is heard.
    var delay: Double?
  }

  var clockRate: Int64 = 8_000
  var packetTicks: Int64 = 160
  var frameTicks: Int64 = 160
  /// Does the owner follow the buffer's advice, by 8 ms a frame?
  var scales = true
  /// The owner knows packets' lengths from the codec and tells.
  var tellsDuration = false
  var buffer: JitterBuffer
  var packets: [Packet] = []
  var steps: [Step] = []
  var late: [Instant] = []
  var resynchronised = 0
  private var queued: Int64 = 0

  init(configuration: JitterBuffer.Configuration = JitterBuffer.Configuration(clockRate: 8_000)) {
    buffer = JitterBuffer(configuration: configuration)
    clockRate = Int64(configuration.clockRate)
    packetTicks = Int64(configuration.packet) * clockRate / 1_000
    frameTicks = Int64(configuration.frame) * clockRate / 1_000
  }

  /// Packets of one spurt: `delay` gives each one's way through the network in milliseconds, nil loses it.
  mutating func send(
    _ count: Int, from start: Instant = .zero, sequence: Int64 = 1_000, timestamp: Int64 = 5_000, marker: Bool = false,
    senderRate: Double = 1, delay: (Int) -> Double?
  ) {
    for index in 0..<count {
      guard let way = delay(index) else { continue }
      let sent = Double(index) * Double(packetTicks) * 1e9 / Double(clockRate) / senderRate
      packets.append(
        Packet(
          arrival: start.advanced(byNanoseconds: Int64(sent + way * 1e6)), sequence: sequence + Int64(index),
          timestamp: timestamp + Int64(index) * packetTicks, marker: marker && index == 0))
    }
  }

  /// Runs until `end`; the owner's ticks begin at `phase` milliseconds.
  mutating func run(until end: Instant, phase: Double = 7) {
    packets.sort { $0.arrival < $1.arrival }
    var coming = 0
    var tick = Instant.zero.advanced(byNanoseconds: Int64(phase * 1e6))
    let payload = (0..<1_500).map { UInt8(truncatingIfNeeded: $0) }
    while tick < end {
      while coming < packets.count, packets[coming].arrival <= tick {
        let packet = packets[coming]
        coming += 1
        if packet.isEvent {
          buffer.skip(sequence: packet.sequence)
          continue
        }
        let outcome = buffer.insert(
          sequence: packet.sequence, timestamp: packet.timestamp, payloadType: packet.payloadType,
          marker: packet.marker, payload: payload.span.extracting(0..<packet.size), at: packet.arrival)
        if outcome == .late { late.append(packet.arrival) }
        if outcome == .overflow(resynchronised: true) { resynchronised += 1 }
      }
      pull(at: tick)
      tick = tick.advanced(byNanoseconds: frameTicks * 1_000_000_000 / clockRate)
    }
  }

  private mutating func pull(at now: Instant) {
    var turns = 0
    while queued < frameTicks, turns < 10 {
      turns += 1
      buffer.queuedTicks = queued
      let playout = buffer.next(at: now)
      var step = Step(at: now, playout: playout, delay: nil)
      switch playout {
      case .packet(let slot):
        if tellsDuration { buffer.played(ticks: packetTicks) }
        step.delay = buffer.currentDelay
        _ = slot
        queued += packetTicks + scaled()
      case .lost: queued += packetTicks + scaled()
      case .gap, .waiting: queued = frameTicks
      }
      steps.append(step)
    }
    queued = max(0, queued - frameTicks)
  }

  private func scaled() -> Int64 {
    guard scales else { return 0 }
    switch buffer.delayAdvice {
    case .keep: return 0
    case .accelerate: return -clockRate * 8 / 1_000
    case .expand: return clockRate * 8 / 1_000
    }
  }

  func count(after start: Instant = .zero, _ matches: (Playout) -> Bool) -> Int {
    steps.count { $0.at >= start && matches($0.playout) }
  }

  func packetsPlayed(after start: Instant = .zero) -> Int {
    count(after: start) { if case .packet = $0 { true } else { false } }
  }
  func lost(after start: Instant = .zero) -> Int { count(after: start) { if case .lost = $0 { true } else { false } } }
  func gaps(after start: Instant = .zero) -> Int { count(after: start) { $0 == .gap } }
  func waits(after start: Instant = .zero) -> Int { count(after: start) { $0 == .waiting } }
  func sequences() -> [Int64] {
    steps.compactMap { if case .packet(let slot) = $0.playout { slot.sequence } else { nil } }
  }
  func delays(after start: Instant) -> [Double] { steps.filter { $0.at >= start }.compactMap(\.delay) }
}

/// Sends keys as telephone-event packets: one every packet time, the last one three times; RFC 4733, section 2.5.1.
///
/// The owner calls `next` every packet time with the timestamp of its stream; while an event runs it sends the packet given
/// instead of audio.
package struct TelephoneEventSender: Sendable {
  /// What is to be sent in this packet time.
  package enum Output: Hashable, Sendable {
    /// Send this with the event's own timestamp; `marker` on its first packet.
    case packet(TelephoneEventPayload, timestamp: UInt32, marker: Bool)
    /// The pause after an event: audio may be sent.
    case pause
    /// Nothing left: audio as ever.
    case idle
  }

  /// Keys that wait at most; more are refused.
  package static let capacity = 64

  private enum State: Sendable {
    case idle
    case sending(event: UInt8, timestamp: UInt32, elapsed: Int)
    case ending(event: UInt8, timestamp: UInt32, duration: UInt16, left: Int)
    case pausing(left: Int)
  }

  private let ticksPerPacket: Int
  private let duration: Int
  private let pause: Int
  private let volume: UInt8
  private var state = State.idle
  private var queue: [UInt8] = []

  /// - Parameters:
  ///   - clockRate: of the payload type, in hertz.
  ///   - packetTime, duration, pause: milliseconds; a duration is cut to what 16 bits of ticks can say.
  ///   - volume: −dBm0.
  package init(clockRate: Int, packetTime: Int = 20, duration: Int = 100, pause: Int = 80, volume: UInt8 = 10) {
    let rate = min(max(clockRate, 1_000), 192_000)
    let time = min(max(packetTime, 1), 200)
    ticksPerPacket = rate &* time / 1_000
    self.duration = min(max(duration, time) &* rate / 1_000, Int(UInt16.max))
    self.pause = max(1, (min(max(pause, 0), 10_000) &+ time &- 1) / time)
    self.volume = volume
    queue.reserveCapacity(Self.capacity)
  }

  package var isIdle: Bool { if case .idle = state { queue.isEmpty } else { false } }

  /// Queues an event; false if too many wait.
  package mutating func send(_ event: UInt8) -> Bool {
    guard queue.count < Self.capacity else { return false }
    queue.append(event)
    return true
  }

  /// Queues a key; false for a character that is none, or if too many wait.
  package mutating func send(_ key: Character) -> Bool {
    guard let event = TelephoneEvent.code(of: key) else { return false }
    return send(event)
  }

  /// What to send now. `timestamp` is that of the audio packet that would be sent now.
  package mutating func next(timestamp: UInt32) -> Output {
    switch state {
    case .idle:
      guard !queue.isEmpty else { return .idle }
      let event = queue.removeFirst()
      return running(event: event, timestamp: timestamp, elapsed: ticksPerPacket, marker: true)
    case .sending(let event, let start, let elapsed):
      return running(event: event, timestamp: start, elapsed: elapsed &+ ticksPerPacket, marker: false)
    case .ending(let event, let start, let duration, let left):
      state =
        left > 1 ? .ending(event: event, timestamp: start, duration: duration, left: left &- 1) : .pausing(left: pause)
      return .packet(payload(event, end: true, duration), timestamp: start, marker: false)
    case .pausing(let left):
      state = left > 1 ? .pausing(left: left &- 1) : .idle
      return .pause
    }
  }

  private mutating func running(event: UInt8, timestamp: UInt32, elapsed: Int, marker: Bool) -> Output {
    guard elapsed < duration else {
      let total = UInt16(clamping: duration)
      state = .ending(event: event, timestamp: timestamp, duration: total, left: 2)
      return .packet(payload(event, end: true, total), timestamp: timestamp, marker: marker)
    }
    state = .sending(event: event, timestamp: timestamp, elapsed: elapsed)
    return .packet(payload(event, end: false, UInt16(clamping: elapsed)), timestamp: timestamp, marker: marker)
  }

  private func payload(_ event: UInt8, end: Bool, _ duration: UInt16) -> TelephoneEventPayload {
    TelephoneEventPayload(event: event, end: end, volume: volume, duration: duration)
  }
}

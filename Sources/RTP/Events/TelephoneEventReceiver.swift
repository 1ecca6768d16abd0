import Primitives

/// Finds the keys that a peer presses in its telephone-event packets; RFC 4733, section 2.5.2.
///
/// A key counts once per RTP timestamp: with its first end packet, or when its packets stop without one. Browsers send nothing
/// but end packets, on the audio codec's clock whatever SDP says, so no clock is assumed here.
package struct TelephoneEventReceiver: Sendable {
  /// Silence after which an event counts as ended: three packets of 50 ms, the longest interval of section 2.5.1.
  static let silence: Int64 = 150

  private struct Pending: Sendable {
    var event: UInt8
    /// Of the whole event, over its segments.
    var start: UInt32
    /// Of the segment that is running.
    var segment: UInt32
    var earlierDuration: UInt32
    var duration: UInt16
  }

  private var pending: Pending?
  /// When `pending` counts as ended.
  private var pendingDeadline: Instant = .distantFuture
  /// An event that ended while another one had to be handed out.
  private var queued: TelephoneEvent?
  /// Timestamps handed out of late: their repetitions are passed over.
  private var done: [UInt32] = [0, 0, 0, 0]
  private var doneCount = 0

  package init() {}

  /// When `timeout(at:)` wants to be called.
  package var deadline: Instant? {
    if queued != nil { return .zero }
    return pending == nil ? nil : pendingDeadline
  }

  /// Takes a packet of the agreed payload type; gives the event that it ends, if any.
  package mutating func receive(
    timestamp: UInt32, marker: Bool, payload: Span<UInt8>, at now: Instant
  ) -> TelephoneEvent? {
    guard let packet = TelephoneEventPayload(payload), !isDone(timestamp) else { return takeQueued() }
    var finished: TelephoneEvent?
    if var running = pending {
      if running.segment == timestamp {
        running.duration = max(running.duration, packet.duration)
      } else if running.event == packet.event, !marker, running.duration == .max,
        timestamp == running.segment &+ UInt32(UInt16.max)
      {
        // A long event goes on in a new segment (section 2.5.1.3).
        remember(running.segment)
        running.earlierDuration &+= UInt32(running.duration)
        running.segment = timestamp
        running.duration = packet.duration
      } else if Int32(bitPattern: timestamp &- running.segment) < 0 {
        // An old packet of an event that was never finished here: the newer one goes on.
        return takeQueued()
      } else {
        finished = finish(running)
        running = start(packet, timestamp)
      }
      pending = running
    } else {
      pending = start(packet, timestamp)
    }
    pendingDeadline = now.advanced(byMilliseconds: Self.silence)
    guard packet.end, let ended = pending else { return finished ?? takeQueued() }
    pending = nil
    let event = finish(ended)
    guard let finished else {
      guard let first = takeQueued() else { return event }
      queued = event
      return first
    }
    queued = event
    return finished
  }

  /// Gives an event whose end was lost, or one that had to wait. Call until it gives nil.
  package mutating func timeout(at now: Instant) -> TelephoneEvent? {
    if let event = takeQueued() { return event }
    guard let running = pending, pendingDeadline <= now else { return nil }
    pending = nil
    return finish(running)
  }

  private func start(_ packet: TelephoneEventPayload, _ timestamp: UInt32) -> Pending {
    Pending(
      event: packet.event, start: timestamp, segment: timestamp, earlierDuration: 0, duration: packet.duration)
  }

  private mutating func finish(_ running: Pending) -> TelephoneEvent {
    remember(running.segment)
    return TelephoneEvent(
      event: running.event, timestamp: running.start, duration: running.earlierDuration &+ UInt32(running.duration))
  }

  private mutating func takeQueued() -> TelephoneEvent? {
    defer { queued = nil }
    return queued
  }

  private mutating func remember(_ timestamp: UInt32) {
    done[doneCount & 3] = timestamp
    doneCount &+= 1
  }

  private func isDone(_ timestamp: UInt32) -> Bool {
    for index in 0..<min(doneCount, 4) where done[index] == timestamp { return true }
    return false
  }
}

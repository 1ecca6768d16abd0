import Primitives

extension JitterBuffer {
  /// Takes a packet of the stream; sequence number and timestamp without their wraps (`ReceiveStream` makes them so).
  package mutating func insert(
    sequence: Int64, timestamp: Int64, payloadType: UInt8, marker: Bool, payload: Span<UInt8>, at now: Instant
  ) -> Insertion {
    guard payload.count <= PacketRing.maximumPayload else {
      overflowCount &+= 1
      return .overflow(resynchronised: false)
    }
    var outcome = Insertion.queued
    if case .idle = phase {
      begin(sequence: sequence, timestamp: timestamp, at: now)
    } else if isJump(sequence: sequence, timestamp: timestamp, at: now) {
      overflowCount &+= 1
      resynchronise(sequence: sequence, timestamp: timestamp, at: now)
      outcome = .overflow(resynchronised: true)
    } else if let refusal = refuse(sequence: sequence, timestamp: timestamp, at: now) {
      return refusal
    } else {
      estimator.receive(timestamp: timestamp, at: now)
    }
    ring.store(
      sequence: sequence, timestamp: timestamp, payloadType: payloadType, marker: marker, payload: payload)
    if sequence > highest { highest = sequence }
    return outcome
  }

  /// A packet of this stream came that holds no audio for this buffer (telephone-event, comfort noise): it is not missing.
  package mutating func skip(sequence: Int64) {
    let step = sequence &- expected
    guard step >= 0, step <= Self.reach, ring.content(sequence) == .empty else { return }
    switch phase {
    case .idle: return
    case .pausing, .playing:
      ring.mark(sequence, .event)
      if sequence > highest { highest = sequence }
    }
  }

  private mutating func begin(sequence: Int64, timestamp: Int64, at now: Instant) {
    estimator.anchor(timestamp: timestamp, at: now)
    expected = sequence
    highest = sequence
    playedTo = timestamp
    phase = .pausing(heard: false)
  }

  /// The stream goes on elsewhere: what was held is worth nothing.
  private mutating func resynchronise(sequence: Int64, timestamp: Int64, at now: Instant) {
    ring.removeAll()
    history = 0
    emptied = 0
    emptiedTicks = 0
    lastPlayed = nil
    lastStep = 0
    begin(sequence: sequence, timestamp: timestamp, at: now)
    phase = .pausing(heard: true)
  }

  private func isJump(sequence: Int64, timestamp: Int64, at now: Instant) -> Bool {
    let step = sequence &- expected
    if step > Self.maximumJump || step < -Self.maximumJump { return true }
    // A packet in order whose time does not fit at all. An old one proves nothing.
    guard step >= 0 else { return false }
    let off = estimator.elapsed(timestamp: timestamp, at: now)
    return off > Self.timelineBreak || off < -Self.timelineBreak
  }

  /// Nil if the packet has a place; makes room where that is right.
  private mutating func refuse(sequence: Int64, timestamp: Int64, at now: Instant) -> Insertion? {
    let step = sequence &- expected
    if step < 0 {
      if case .pausing(heard: false) = phase, highest &- sequence <= Self.reach {
        // Overtaken by the first packet, which has not been played yet.
        expected = sequence
        playedTo = min(playedTo, timestamp)
        return nil
      }
      if step >= -64, history & (1 << UInt64(-step &- 1)) != 0 {
        duplicateCount &+= 1
        return .duplicate
      }
      if step >= -64 { history |= 1 << UInt64(-step &- 1) }
      return noteLate(timestamp: timestamp, at: now)
    }
    if step > Self.reach {
      // A long outage, or far too much at once: the oldest go.
      advance(to: sequence &- (highest < expected ? 0 : Self.reach))
      overflowCount &+= 1
    }
    if ring.content(sequence) != .empty {
      duplicateCount &+= 1
      return .duplicate
    }
    let behind = playedTo &- timestamp
    if behind > duration / 2, behind <= emptiedTicks {
      // Its time was concealed while the buffer was empty.
      ring.mark(sequence, .late)
      if sequence > highest { highest = sequence }
      return noteLate(timestamp: timestamp, at: now)
    }
    return nil
  }

  private mutating func noteLate(timestamp: Int64, at now: Instant) -> Insertion {
    estimator.receive(timestamp: timestamp, at: now)
    lateCount &+= 1
    metrics.lostCameLate()
    return .late
  }
}

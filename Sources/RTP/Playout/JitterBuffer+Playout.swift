import Primitives

extension JitterBuffer {
  /// What to play next. Call it when the audio decoded so far is shorter than a frame.
  package mutating func next(at now: Instant) -> Playout {
    if case .idle = phase { return .waiting }
    passMarks()
    if let slot = ring.audio(expected) { return present(slot, at: now) }
    switch phase {
    case .idle: return .waiting
    case .pausing(let heard):
      guard let later = firstAfterExpected, isDue(later, at: now) else { return heard ? .gap : .waiting }
      // What a spurt lost of its beginning is not concealed: there is nothing to conceal it from.
      advance(to: later.sequence)
      return play(later, at: now)
    case .playing(let concealed):
      let elapsed = estimator.elapsed(timestamp: playedTo, at: now)
      if elapsed < Int64(required &+ Self.grace) &* 1_000_000 { return .waiting }
      if let later = firstAfterExpected { return bridge(to: later, concealed: concealed, at: now) }
      return empty(concealed: concealed)
    }
  }

  /// The next packet is here.
  private mutating func present(_ slot: JitterSlot, at now: Instant) -> Playout {
    switch phase {
    case .idle: return .waiting
    case .pausing(let heard):
      rebaseIfStale(at: now)
      guard isDue(slot, at: now) else { return heard ? .gap : .waiting }
      return play(dropExcess(from: slot), at: now)
    case .playing:
      guard slot.timestamp &- playedTo > duration / 2 else { return play(slot, at: now) }
      // Nothing is missing, and yet time has passed: the sender was silent.
      rebaseIfStale(at: now)
      guard isDue(slot, at: now) else {
        phase = .pausing(heard: true)
        return .gap
      }
      return play(dropExcess(from: slot), at: now)
    }
  }

  /// Packets are missing before one that has come.
  private mutating func bridge(to later: JitterSlot, concealed: Int, at now: Instant) -> Playout {
    let missing = later.timestamp &- playedTo
    if missing <= duration / 2 {
      // Their time has been concealed already, or they took none.
      advance(to: later.sequence)
      return play(later, at: now)
    }
    guard concealed < Self.maximumConcealed else {
      phase = .pausing(heard: true)
      guard isDue(later, at: now) else { return .gap }
      advance(to: later.sequence)
      return play(later, at: now)
    }
    let isNeighbour = later.sequence == expected &+ 1
    phase = .playing(concealed: concealed &+ 1)
    advance(to: expected &+ 1)
    // If the lost packet was a longer one, its neighbour tells by its timestamp.
    playedTo = playedTo &+ min(duration, missing)
    concealedCount &+= 1
    metrics.count(.lost)
    return .lost(next: isNeighbour ? later : nil)
  }

  /// Nothing is here: a loss, a packet very late, or a pause that has begun.
  private mutating func empty(concealed: Int) -> Playout {
    let limit = lastWasSilence ? 0 : (sendsPauses ? 1 : Self.maximumEmptied)
    guard emptied < limit, concealed < Self.maximumConcealed else {
      phase = .pausing(heard: true)
      return .gap
    }
    emptied &+= 1
    emptiedTicks &+= duration
    playedTo &+= duration
    phase = .playing(concealed: concealed &+ 1)
    concealedCount &+= 1
    metrics.count(.lost)
    return .lost(next: nil)
  }

  private mutating func play(_ slot: JitterSlot, at now: Instant) -> Playout {
    if let lastPlayed, lastPlayed.sequence &+ 1 == slot.sequence {
      let step = slot.timestamp &- lastPlayed.timestamp
      // Two equal steps are no pause but the packets' length.
      if step == lastStep, step > 0, step <= maximumPacketTicks, !slot.marker {
        duration = step
      } else if step >= duration &* 3 {
        sendsPauses = true
      }
      lastStep = step
    }
    ring.remove(slot.sequence)
    history = history << 1 | 1
    expected = slot.sequence &+ 1
    playedTo = slot.timestamp &+ duration
    emptied = 0
    emptiedTicks = 0
    phase = .playing(concealed: 0)
    lastPlayed = slot
    playedElapsed = Double(estimator.elapsed(timestamp: slot.timestamp, at: now)) / 1e6
    updateAdvice()
    metrics.count(.played)
    return .packet(slot)
  }

  /// A latch each way, so that advice does not flutter: begins beyond the target's edge, ends at it.
  private mutating func updateAdvice() {
    let needed = Double(required)
    let delay = currentDelay
    switch advice {
    case .keep:
      if delay > targetDelay + Self.slack {
        advice = .accelerate
      } else if playedElapsed < needed {
        advice = .expand
      }
    case .accelerate: if delay <= targetDelay { advice = .keep }
    case .expand: if playedElapsed >= needed { advice = .keep }
    }
  }

  private func isDue(_ slot: JitterSlot, at now: Instant) -> Bool {
    estimator.elapsed(timestamp: slot.timestamp, at: now) >= Int64(required) &* 1_000_000
  }

  /// Passes over numbers that came without audio. Events mean that the sender plays no audio meanwhile.
  private mutating func passMarks() {
    while true {
      switch ring.content(expected) {
      case .empty, .audio: return
      case .event:
        if case .playing = phase { phase = .pausing(heard: true) }
      case .late: break
      }
      ring.remove(expected)
      history = history << 1 | 1
      expected &+= 1
    }
  }

  /// All packets held are much later than the quickest of late: the sender or the route has changed, and waits no longer.
  private mutating func rebaseIfStale(at now: Instant) {
    if estimator.lastTransit &- estimator.base > Self.staleBase {
      estimator.rebase(to: estimator.lastTransit, at: now)
    }
  }

  /// After a stall everything comes at once: what exceeds the longest delay is dropped, oldest first.
  private mutating func dropExcess(from slot: JitterSlot) -> JitterSlot {
    guard let newest = ring.audio(highest) else { return slot }
    let limit = Int64(configuration.maximumDelay) * Int64(configuration.clockRate) / 1_000
    var first = slot
    while newest.timestamp &- first.timestamp > limit, first.sequence < highest {
      advance(to: first.sequence &+ 1)
      overflowCount &+= 1
      metrics.count(.discarded)
      guard let following = ring.audio(expected) ?? firstAfterExpected else { break }
      first = following
    }
    advance(to: first.sequence)
    return first
  }

  private var firstAfterExpected: JitterSlot? {
    var sequence = expected &+ 1
    while sequence <= highest, sequence &- expected <= Self.reach {
      if let slot = ring.audio(sequence) { return slot }
      sequence &+= 1
    }
    return nil
  }

  /// Discontinuous transmission says so itself: a comfort noise packet, or an Opus packet without a frame (RFC 6716, section 3.1).
  private var lastWasSilence: Bool {
    guard let lastPlayed else { return false }
    return lastPlayed.count <= 2 || lastPlayed.payloadType == ComfortNoisePayload.payloadType
  }

  /// Gives up everything before `sequence`.
  mutating func advance(to sequence: Int64) {
    let steps = sequence &- expected
    guard steps > 0 else { return }
    if steps > Int64(PacketRing.capacity) {
      ring.removeAll()
      history = 0
    } else {
      for _ in 0..<steps {
        history = history << 1 | (ring.content(expected) == .empty ? 0 : 1)
        ring.remove(expected)
        expected &+= 1
      }
    }
    expected = sequence
    if highest < sequence { highest = sequence &- 1 }
  }
}

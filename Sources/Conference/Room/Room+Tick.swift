import Audio
import Primitives
import RTP

extension Room {
  /// The room's 20 ms: reads all that can be heard, mixes once, writes all that is to be sent.
  package mutating func tick(at now: Instant, into queue: inout DatagramQueue) {
    passPackets(into: &queue)
    moveTimeline(to: now)
    followRelay(at: now, into: &queue)
    followRate()
    followVoices()
    if rates.former != nil { events.append(.sampleRateChanged(rates.rate)) }
    chooseVoices(at: now)
    frame.begin(rate: rates.rate, members: decoded.count)
    if let former = rates.former { formerFrame.begin(rate: former, members: decoded.count) }
    readVoices(at: now)
    announce()
    arrangeListeners()
    settleListeners()
    encode()
    sayGoodbyes(at: now, into: &queue)
    urgent.removeAll(keepingCapacity: true)
    Self.serve(&legs, offers, from: board, timeline: timeline, clock: clock, at: now, into: &queue)
    tickVideo(at: now, into: &queue)
    record(at: now)
    rates.settle()
  }

  /// The timeline counts ticks by the clock: one each, and after a stall as many as were missed.
  private mutating func moveTimeline(to now: Instant) {
    let begun = start ?? now
    start = begun
    timeline += 1
    let period = Self.tickTime * 1_000_000
    let due = (now.nanoseconds(since: begun) + period / 2) / period
    guard due - timeline >= Self.tolerance else { return }
    skipRecordings(ticks: due - timeline)
    timeline = due
  }

  /// The best rate that a member's codecs can use, both ways, after a change of members or plans.
  private mutating func followRate() {
    guard isRateStale else { return }
    isRateStale = false
    var best = 8_000
    for slot in legs.indices {
      guard let rate = legs[slot]?.bestRate, rate > best else { continue }
      best = rate
    }
    rates.request(RateSwitch.rate(best: best, maximum: plan.maximumSampleRate))
  }

  /// Decides who is decoded and gives each a row.
  private mutating func chooseVoices(at now: Instant) {
    let isEcho = plan.kind == .echo
    selection.begin(maximum: plan.maximumTalkers)
    decoded.removeAll(keepingCapacity: true)
    let probed = probedOrdinals
    var guesses = 0
    for slot in legs.indices {
      guard let candidacy = legs[slot]?.stand(isEcho: isEcho, at: now) else { continue }
      if candidacy.loudness >= AudibilityGate.threshold {
        selection.consider(slot: slot, loudness: candidacy.loudness, isHeard: candidacy.isHeard)
      }
      var isWanted = candidacy.mustBeDecoded
      if candidacy.wantsProbe {
        isWanted = isWanted || probed.contains(guesses)
        guesses += 1
      }
      guard isWanted else { continue }
      legs[slot]?.row = decoded.count
      decoded.append(slot)
    }
    for index in selection.chosen.indices {
      let slot = selection.chosen[index].slot
      if legs[slot]?.choose(row: decoded.count) ?? false { decoded.append(slot) }
    }
    unmeasured = guesses
    decodings = decoded.count
  }

  /// Of the members whose level nobody knows, a few are decoded at a time, in turn.
  private var probedOrdinals: Range<Int> {
    guard unmeasured > max(plan.maximumTalkers, Self.probes) else { return 0..<unmeasured + Self.probes }
    let groups = (unmeasured + Self.probes - 1) / Self.probes
    let turn = Int(timeline / 5) % groups
    return turn * Self.probes..<(turn + 1) * Self.probes
  }

  /// Phase one: from the jitter buffers into the rows, and the sum of those who are heard.
  private mutating func readVoices(at now: Instant) {
    let isEcho = plan.kind == .echo
    let phase = Leg.Phase(rates: rates, isEcho: isEcho, inactivityTimeout: plan.inactivityTimeout, now: now)
    var places = plan.maximumTalkers - selection.chosen.count
    unsettled.removeAll(keepingCapacity: true)
    audible = AudibleRate()
    for slot in legs.indices {
      guard
        let turn = legs[slot]?.speak(
          phase, mayJoin: places > 0, scratch: &voice, of: &frame, former: &formerFrame, events: &events)
      else { continue }
      if !turn.isSettled { unsettled.append(slot) }
      guard let row = turn.row else { continue }
      if let place = turn.aside, !isEcho {
        frame.set(aside: place, row: row, audibleRate: turn.audibleRate)
        if rates.former != nil { formerFrame.set(aside: place, row: row, audibleRate: turn.audibleRate) }
        continue
      }
      audible.note(turn.audibleRate, row: row)
      if isEcho { continue }
      if turn.joins { places -= 1 }
      frame.add(row: row)
      if rates.former != nil { formerFrame.add(row: row) }
    }
  }

  /// What is played to everyone, and the mix of those who only listen.
  private mutating func announce() {
    player.tick(rates: rates, events: &events)
    if player.isSounding {
      audible.announce(rates.rate)
      frame.announce(player.frame, gain: player.gain)
      if rates.former != nil { formerFrame.announce(player.former, gain: player.gain) }
    }
    frame.finish(ducking: player.ducking)
    if rates.former != nil {
      formerFrame.adoptLimiters(of: frame)
      formerFrame.finish(ducking: player.ducking)
    }
  }

  /// Phase two: first for the listeners who share, then for those who hear something of their own.
  private mutating func encode() {
    encodings = 0
    board.removeAll()
    offers.removeAll(keepingCapacity: true)
    let rates = rates
    for index in groups.indices {
      guard groups[index] != nil else {
        offers.append(Leg.Offer())
        continue
      }
      renderGroup(index)
      let rate = audibleRate(of: groups[index]?.key.asides ?? [], minus: nil)
      groups[index]?.chain.process(
        output, former: formerOutput, rates: rates,
        audibleRate: rate, tick: timeline, board: &board)
      encodings += groups[index]?.chain.encodings ?? 0
      offers.append(Leg.Offer(first: groups[index]?.chain.first, second: groups[index]?.chain.second))
    }
    for index in unsettled.indices { encodeAlone(unsettled[index]) }
  }

  /// Sends every leg what it is to get. The parts come one by one, so that each can be reached where it lies.
  private static func serve(
    _ legs: inout [Leg?], _ offers: [Leg.Offer], from board: borrowing PayloadBoard, timeline: Int64, clock: WallClock,
    at now: Instant, into queue: inout DatagramQueue
  ) {
    for slot in legs.indices {
      legs[slot]?.serve(offers, from: board, timeline: timeline, clock: clock, at: now, into: &queue)
    }
  }

  /// The legs that leave are gone after this.
  private mutating func sayGoodbyes(at now: Instant, into queue: inout DatagramQueue) {
    for slot in leaving {
      legs[slot]?.sendGoodbye(clock: clock, at: now, into: &queue)
      legs[slot]?.closeTransport(into: &queue)
      if let statistics = legs[slot]?.statistics { events.append(.legClosed(statistics)) }
      vacate(slot)
    }
    leaving.removeAll(keepingCapacity: true)
  }
}

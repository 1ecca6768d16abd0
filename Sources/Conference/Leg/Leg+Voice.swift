import Audio
import Primitives
import RTP

extension Leg {
  /// What a leg is to the selection of a tick.
  struct Candidacy {
    /// In dBFS; silence for a leg that must not be heard.
    var loudness: Float
    var isHeard: Bool
    /// Decoded whether it is chosen or not: it fades out, or its keys are listened for.
    var mustBeDecoded: Bool
    /// Nobody can tell without decoding whether the member is to be heard.
    var wantsProbe: Bool

    /// Its packets are passed on as they are.
    static let passed = Candidacy(
      loudness: AudibilityGate.silence, isHeard: false, mustBeDecoded: false, wantsProbe: false)
  }

  /// What phase one of a tick needs to know of the room.
  struct Phase {
    var rates: RateSwitch
    var isEcho: Bool
    /// Milliseconds without a packet until that is reported.
    var inactivityTimeout: Int
    var now: Instant
  }

  /// What became of a leg in phase one.
  struct Turn {
    /// The row that holds what is heard of it, or nil.
    var row: Int?
    /// Where the voice is among the asides; nil if everybody hears it.
    var aside: Int?
    /// Heard, although the selection knew nothing of it: the first sound of a member whose packets do not tell.
    var joins = false
    /// Hertz, twice the highest frequency of the voice.
    var audibleRate = 8_000
    /// It goes on listening as it did.
    var isSettled = true
  }

  /// The best sample rate that the member's codecs can use, in hertz.
  var bestRate: Int {
    guard let plan, standing != .leaving else { return 8_000 }
    var best = plan.send.format.usefulRate
    for format in plan.receive { best = max(best, format.format.usefulRate) }
    return best
  }

  /// The member's voice is heard in this tick.
  private var isSounding: Bool { row != nil && presence != .silence }

  /// The member's voice is part of this tick's sum.
  var isInSum: Bool { isSounding && reach.place == nil }

  /// The packets are passed on, and tell their level without being decoded.
  private var isPassedUndecoded: Bool { inbound.relayed.isOpen && !inbound.gate.needsDecoding }

  /// Begins a tick: what is to be decided about the leg.
  mutating func stand(isEcho: Bool, at now: Instant) -> Candidacy {
    isChosen = false
    row = nil
    followMask()
    if isPassedUndecoded { return .passed }
    let speaks = speaks
    let loudness = inbound.gate.loudness(at: now)
    // An aside takes nobody's place in the mix.
    let isAside = reach.place != nil && speaks
    isChosen = isAside && loudness >= AudibilityGate.threshold
    return Candidacy(
      loudness: speaks && !isAside ? loudness : AudibilityGate.silence, isHeard: presence.to > 0,
      mustBeDecoded: presence.to > 0 || isChosen || (isEcho && speaks)
        || (analysis.detectsTones && inbound.isWanted && loudness > -45),
      wantsProbe: speaks && inbound.gate.needsDecoding && inbound.hasFlowed(within: 1_000_000_000, at: now))
  }

  /// The selection chose the leg; true if it has no row yet and takes this one.
  mutating func choose(row: Int) -> Bool {
    isChosen = true
    guard self.row == nil else { return false }
    self.row = row
    return true
  }

  /// Phase one: 20 ms of the member's voice. `mayJoin` if there is room for one more talker.
  mutating func speak(
    _ phase: Phase, mayJoin: Bool, scratch: inout [Int16], of frame: inout MixFrame, former: inout MixFrame,
    events: inout OutputQueue<RoomEvent>
  ) -> Turn {
    checkTimes(phase, events: &events)
    var turn = Turn()
    if let row {
      let wasChosen = isChosen
      if hear(
        phase, mayJoin: mayJoin, scratch: &scratch, row: row, of: &frame, former: &former, events: &events)
      {
        turn.row = row
        turn.audibleRate = inbound.voice.audibleRate
        turn.aside = reach.place
        turn.joins = isChosen && !wasChosen && reach.place == nil
      }
    } else {
      passOver(phase, events: &events)
    }
    turn.isSettled = isSettled(isEcho: phase.isEcho)
    return turn
  }

  /// 20 ms of a member whom nobody hears.
  private mutating func passOver(_ phase: Phase, events: inout OutputQueue<RoomEvent>) {
    presence = .silence
    guard inbound.isPlanned else { return }
    inbound.voice.skip(&inbound.jitter, at: phase.now)
    if isPassedUndecoded {
      analysis.pass(level: inbound.gate.measured(at: phase.now))
      return reportTalking(&events)
    }
    analysis.passSilence()
    if isReportedTalking { reportTalking(&events) }
  }

  /// Decodes 20 ms, judges and levels them, and brings them to the room's rate (and, in the tick of a change, to the rate
  /// before). False if nothing of it is to be heard.
  private mutating func hear(
    _ phase: Phase, mayJoin: Bool, scratch: inout [Int16], row: Int, of frame: inout MixFrame,
    former: inout MixFrame, events: inout OutputQueue<RoomEvent>
  ) -> Bool {
    let count = inbound.voice.frameCount
    let rate = inbound.voice.rate
    do {
      var span = scratch.mutableSpan
      var samples = span._mutatingExtracting(first: min(count, span.count))
      inbound.voice.read(&inbound.jitter, into: &samples, at: phase.now)
      let digit = analysis.process(&samples, sampleRate: rate, isNoise: inbound.voice.isComfortNoise)
      inbound.gate.correct(analysis.level, at: phase.now)
      if let digit { report(digit, source: .inBand, events: &events) }
      reportTalking(&events)
      if mayJoin || reach.place != nil, !isChosen, speaks, analysis.level >= AudibilityGate.threshold {
        isChosen = true
      }
      presence = presence.followed(
        by: isAudible(phase) && !reach.isFading ? talkingGain : 0)
      guard presence != .silence else { return false }
      presence.apply(to: &samples)
    }
    if converter?.sourceRate != rate { converter = InputConverter(from: rate, to: phase.rates) }
    converter?.follow(phase.rates)
    let samples = scratch.span.extracting(first: min(count, scratch.count))
    if phase.rates.former != nil {
      var before = former.row(row)
      converter?.convertFormer(samples, into: &before)
    }
    var output = frame.row(row)
    converter?.convert(samples, into: &output)
    return true
  }

  private func isAudible(_ phase: Phase) -> Bool {
    (isChosen && inbound.gate.isAudible(at: phase.now)) || (phase.isEcho && speaks)
  }

  /// Says when the member begins and ends to talk, as far as it is let.
  private mutating func reportTalking(_ events: inout OutputQueue<RoomEvent>) {
    let isTalking = analysis.isTalking && speaks
    guard isTalking != isReportedTalking else { return }
    isReportedTalking = isTalking
    events.append(.talking(id, isTalking))
  }

  /// ICE and DTLS, keys whose end was lost, and a peer that has fallen silent.
  private mutating func checkTimes(_ phase: Phase, events: inout OutputQueue<RoomEvent>) {
    tickTransport(at: phase.now, events: &events)
    if inbound.areKeysPending {
      while let event = inbound.keys.timeout(at: phase.now) { report(event, events: &events) }
      inbound.areKeysPending = inbound.keys.deadline != nil
    }
    if inbound.runsDry(after: phase.inactivityTimeout, at: phase.now) { events.append(.mediaInactive(id)) }
  }

  /// What a track of a recording gets of the member in this tick.
  enum Track {
    case none
    case silence
    case row(Int)
    /// Not everybody hears it.
    case aside(Int)
  }

  mutating func track() -> Track {
    guard standing == .admitted else { return .none }
    guard let row, isSounding else { return .silence }
    return reach.place == nil ? .row(row) : .aside(row)
  }

  /// Whether a recording may have the member's picture: a mask keeps it out with the voice.
  ///
  /// - Parameter whispers: also of who is not heard by everybody.
  func isFilmed(whispers: Bool) -> Bool {
    standing == .admitted && !restrictions.contains(.masked) && (whispers || reach.place == nil)
  }
}

import Audio
import Codecs
import Primitives

extension Room {
  /// Before the encoders run: who shares, who has an encoder of its own, and who goes from one to the other.
  mutating func arrangeListeners() {
    quietTicks = frame.peak < 100 && frame.sounding.isEmpty ? quietTicks + 1 : 0
    let isEcho = plan.kind == .echo
    for index in unsettled.indices {
      let slot = unsettled[index]
      legs[slot]?.outbound.isArranged = true
      guard let key = legs[slot]?.encodingKey else {
        release(slot)
        continue
      }
      let isApart = legs[slot]?.listensApart(isEcho: isEcho) ?? false
      legs[slot]?.tickPlayers(rates: rates, events: &events)
      arrange(slot, key: key, isApart: isApart)
    }
  }

  private mutating func arrange(_ slot: Int, key: EncodingKey, isApart: Bool) {
    switch legs[slot]?.outbound.listener {
    case nil, .relayed: break
    case .absent:
      if !isApart, join(slot, key: key) { break }
      guard let chain = makeChain(key) else { break }
      forks += 1
      legs[slot]?.outbound.chain = chain
      legs[slot]?.outbound.listener = .own(idleSince: timeline)
      if !isApart { found(slot, key: key) }
    case .shared(let index):
      guard isApart || groups[index]?.key != key else { break }
      if !isApart, groups[index]?.key.hears == .nothing, changeOver(slot, to: key) { break }
      individualise(slot)
    case .own(let idleSince):
      legs[slot]?.outbound.chain?.protect(key.isProtected)
      legs[slot]?.outbound.chain?.follow(key.modeRequest)
      guard !isApart else {
        legs[slot]?.outbound.listener = .own(idleSince: timeline)
        break
      }
      let isSteady = legs[slot]?.outbound.gain.to == Decibels.factor(Double(key.gain) / 100)
      if isSteady { regroup(slot, key: key, idle: timeline - idleSince) }
    }
  }

  /// Back from an own encoder to a shared one, when nobody can hear the change. Both have coded the same samples since the
  /// leg fell silent, so that their states grow alike.
  private mutating func regroup(_ slot: Int, key: EncodingKey, idle: Int64) {
    guard groups.contains(where: { $0?.key == key }) else { return found(slot, key: key) }
    if key.format.codec.hasMemory, key.hears == .room || !key.asides.isEmpty, quietTicks < 5 {
      // A room of talkers may never pause. Now and then the shared encoder makes a packet that stands alone: a decoder
      // that has followed another encoder is in step again behind that one packet (measured: 22 dB off in it, 50 dB and
      // more after it; without, 15 dB for four packets). G.722 has no such packet: its decoder would
      // stumble, and its encoder costs little.
      guard key.format.codec.standsAlone, idle >= Self.longestPauseWait, timeline % Self.standalonePeriod == 0,
        let index = groups.firstIndex(where: { $0?.key == key })
      else { return }
      groups[index]?.chain.standsAlone = true
    }
    legs[slot]?.outbound.chain = nil
    legs[slot]?.outbound.listener = .absent
    _ = join(slot, key: key)
  }

  /// From a group that hears nothing, as a member does who is being admitted, straight to the one that it belongs to.
  private mutating func changeOver(_ slot: Int, to key: EncodingKey) -> Bool {
    guard let index = groups.firstIndex(where: { $0?.key == key }) else { return false }
    release(slot)
    groups[index]?.chain.standsAlone = true
    return join(slot, key: key)
  }

  /// Makes a leg's own encoder the first of a group.
  private mutating func found(_ slot: Int, key: EncodingKey) {
    guard let chain = legs[slot]?.outbound.chain else { return }
    legs[slot]?.outbound.chain = nil
    var group = EncodingGroup(key: key, chain: chain)
    group.listeners = 1
    let index: Int
    if let free = groups.firstIndex(where: { $0 == nil }) {
      groups[free] = group
      index = free
    } else {
      groups.append(group)
      index = groups.count - 1
    }
    legs[slot]?.outbound.listener = .shared(index)
  }

  /// Listens with the others; false if there is no such group.
  private mutating func join(_ slot: Int, key: EncodingKey) -> Bool {
    guard let index = groups.firstIndex(where: { $0?.key == key }) else { return false }
    groups[index]?.listeners += 1
    legs[slot]?.outbound.listener = .shared(index)
    return true
  }

  /// From a shared encoder to an own one in the same state: the peer's decoder notices nothing.
  mutating func individualise(_ slot: Int) {
    guard case .shared(let index) = legs[slot]?.outbound.listener, let key = groups[index]?.key else { return }
    let factor = Decibels.factor(Double(key.gain) / 100)
    legs[slot]?.outbound.gain = GainStep(from: factor, to: factor)
    if groups[index]?.listeners == 1 {
      legs[slot]?.outbound.chain = groups[index]?.chain
      groups[index] = nil
    } else {
      forks += 1
      legs[slot]?.outbound.chain = groups[index]?.chain.fork()
      groups[index]?.listeners -= 1
    }
    legs[slot]?.outbound.listener = .own(idleSince: timeline)
  }

  /// The leg listens no more.
  mutating func release(_ slot: Int) {
    switch legs[slot]?.outbound.listener {
    case nil, .absent: return
    case .relayed: break
    case .own: legs[slot]?.outbound.chain = nil
    case .shared(let index):
      groups[index]?.listeners -= 1
      if groups[index]?.listeners == 0 { groups[index] = nil }
    }
    legs[slot]?.outbound.listener = .absent
    legs[slot]?.outbound.isArranged = false
    legs[slot]?.outbound.pause()
  }

  private func makeChain(_ key: EncodingKey) -> EncodingChain? {
    var chain = try? EncodingChain(
      format: key.format, packetTime: key.packetTime, settings: encoderSettings, rates: rates)
    chain?.protect(key.isProtected)
    chain?.follow(key.modeRequest)
    return chain
  }

  /// The mix that a group hears, into `output` and `formerOutput`.
  mutating func renderGroup(_ index: Int) {
    guard let key = groups[index]?.key, let gain = groups[index]?.gain else { return }
    let listening = Listening(hears: key.hears, asides: key.asides, minus: nil, gain: gain, ducking: .unity)
    groups[index]?.chain.render(&frame, listening, with: nil, into: &output)
    if rates.former != nil { groups[index]?.chain.render(&formerFrame, listening, with: nil, into: &formerOutput) }
  }

  /// Phase two for a listener who talks or to whom something is played.
  mutating func encodeAlone(_ slot: Int) {
    guard case .own? = legs[slot]?.outbound.listener else { return }
    let isEcho = plan.kind == .echo
    guard let listening = legs[slot]?.listening(isEcho: isEcho) else { return }
    gatherPlays(slot, isEcho: isEcho)
    legs[slot]?.outbound.chain?.render(&frame, listening, with: privatePlay, into: &output)
    if rates.former != nil {
      legs[slot]?.outbound.chain?.render(&formerFrame, listening, with: formerPrivatePlay, into: &formerOutput)
    }
    let isPlayedTo = legs[slot]?.player.isSounding ?? false
    // In an echo test a member hears nobody but itself.
    let unheard = isEcho ? nil : listening.minus
    let rate = isPlayedTo ? rates.rate : audibleRate(of: listening.asides, minus: unheard)
    legs[slot]?.outbound.chain?.process(
      output, former: formerOutput, rates: rates,
      audibleRate: rate, tick: timeline, board: &board)
    encodings += legs[slot]?.outbound.chain?.encodings ?? 0
  }

  /// Hertz, twice the highest frequency of what a listener hears.
  func audibleRate(of asides: Asides, minus row: Int?) -> Int {
    max(audible.heard(minus: row), frame.audibleRate(of: asides))
  }

  /// What only this member hears, at the room's rate and at the one before.
  private mutating func gatherPlays(_ slot: Int, isEcho: Bool) {
    FrameArithmetic.clear(&privatePlay, count: frame.count)
    FrameArithmetic.clear(&formerPrivatePlay, count: formerFrame.count)
    legs[slot]?.mixPlays(rates: rates, into: &privatePlay, former: &formerPrivatePlay)
    guard isEcho, let row = legs[slot]?.row else { return }
    frame.add(row: row, to: &privatePlay)
    if rates.former != nil { formerFrame.add(row: row, to: &formerPrivatePlay) }
  }
}

import Primitives

extension ICELiteAgent {
  /// Takes one STUN datagram or frame. Whatever is wrong with it costs the datagram alone.
  package mutating func receive(
    _ datagram: Span<UInt8>, from remote: TransportAddress, over transport: ICETransport, at now: Instant
  ) -> [ICEAction] {
    // A check that comes after the deadline does not save what is over.
    let actions = timeout(at: now)
    guard let message = try? STUNMessage.parse(datagram) else {
      counters.malformed &+= 1
      return actions
    }
    guard message.kind == .request, message.method == STUNMessage.binding else {
      counters.ignored &+= 1
      return actions
    }
    return actions + receive(message, datagram, on: CandidatePair(remote, over: transport), at: now)
  }

  private mutating func receive(
    _ message: STUNMessage, _ datagram: Span<UInt8>, on pair: CandidatePair, at now: Instant
  ) -> [ICEAction] {
    let isNew = Self.isAddressed(message, datagram, to: current)
    guard let generation = isNew ? current : previous,
      isNew || Self.isAddressed(message, datagram, to: generation), let protection = message.protection
    else {
      counters.unauthenticated &+= 1
      return []
    }
    guard isValid(pair, at: now) || budget.take(at: now) else {
      counters.flooded &+= 1
      return []
    }
    let key = Array(generation.local.password.utf8)
    guard message.isAuthentic(datagram, key: key) else {
      counters.unauthenticated &+= 1
      return []
    }
    if generation[pair]?.isBarred == true {
      counters.barred &+= 1
      return []
    }
    let novelty = generation.novelty(of: message.transaction, on: pair)
    if case .replayed = novelty {
      counters.replayed &+= 1
      return []
    }
    var answer: STUNWriter
    var actions: [ICEAction] = []
    if message.unknownCount > 0 {
      counters.unknownAttributes &+= 1
      answer = STUNWriter(.failure, transaction: message.transaction)
      answer.addError(420, "Unknown Attribute")
      answer.addUnknownAttributes(message.unknownAttributes(in: datagram, limit: Self.maximumUnknownAttributes))
    } else if case .controlled? = message.role {
      // RFC 8445, section 7.3.1.1. A lite agent cannot take the other role, so it asks the peer to.
      counters.roleConflicts &+= 1
      answer = STUNWriter(.failure, transaction: message.transaction)
      answer.addError(487, "Role Conflict")
    } else {
      counters.checks &+= 1
      answer = STUNWriter(.success, transaction: message.transaction)
      answer.addXORMappedAddress(pair.remote)
      // What is repeated is answered again, and says nothing new: not even that the peer still consents.
      if case .new = novelty { actions = take(message, on: pair, isNew: isNew, at: now) }
    }
    answer.seal(protection, key: key)
    answer.finish()
    return [.send(answer.bytes, to: pair)] + actions
  }

  private static func isAddressed(
    _ message: STUNMessage, _ datagram: Span<UInt8>, to generation: ICEGeneration
  ) -> Bool {
    message.isAddressed(datagram, local: generation.local.ufrag, remote: generation.remote?.ufrag)
  }

  /// A valid check: RFC 8445, section 7.3.2, and consent.
  private mutating func take(
    _ message: STUNMessage, on pair: CandidatePair, isNew: Bool, at now: Instant
  ) -> [ICEAction] {
    let ours = ICECandidate.priority(.host, tcpType: pair.transport == .tcp ? .passive : nil)
    let priority = CandidatePair.priority(controlling: message.priority ?? 0, controlled: ours)
    let selected = selectedPair
    // How the selected pair stood before this check.
    let rival = selected.flatMap { previous?[$0] ?? current[$0] }
    let nominates = message.nominates
    let hasEvicted =
      isNew
      ? current.note(pair, priority: priority, isNomination: nominates, keeping: selected, at: now)
      : previous?.note(pair, priority: priority, isNomination: nominates, keeping: selected, at: now) ?? false
    if hasEvicted { counters.evictedPairs &+= 1 }
    if isNew {
      current.remember(message.transaction, on: pair)
    } else {
      previous?.remember(message.transaction, on: pair)
    }
    if selected == pair { state = .connected(pair, consentUntil: consentEnd(from: now)) }
    if nominates, isNew, let old = previous {
      // The restart is complete.
      previous = nil
      let retired = old.local.key.map { [ICEAction.retired($0)] } ?? []
      return (selected == pair ? [] : select(pair, at: now)) + retired
    }
    let isNominated = (isNew ? current : previous)?[pair]?.lastNomination != nil
    guard isNominated, selected != pair, displaces(rival, priority: priority, nominates: nominates, at: now) else {
      return []
    }
    return select(pair, at: now)
  }

  /// Whether a check on a nominated pair makes it the selected one in the place of `rival`.
  private mutating func displaces(
    _ rival: ICEGeneration.Valid?, priority: UInt64, nominates: Bool, at now: Instant
  ) -> Bool {
    guard let rival, let last = rival.lastNomination else { return nominates }
    if now >= rival.lastCheck.advanced(byMilliseconds: Self.silenceLimit) { return true }
    guard nominates else { return false }
    if priority < rival.priority, now < last.advanced(byMilliseconds: Self.nominationWindow) {
      counters.heldNominations &+= 1
      return false
    }
    return true
  }

  private mutating func select(_ pair: CandidatePair, at now: Instant) -> [ICEAction] {
    state = .connected(pair, consentUntil: consentEnd(from: now))
    return [.selected(pair)]
  }
}

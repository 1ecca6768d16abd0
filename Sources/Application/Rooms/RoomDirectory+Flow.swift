import Conference
import Logging
import Primitives

/// A caller in a voice flow.
extension RoomDirectory {
  func begin(_ flow: VoiceFlow, leg: LegID, in id: RoomID) async {
    guard let member = rooms[id]?[leg] else { return }
    var variables = ["caller": member.uri, "name": member.name]
    for (key, value) in member.context.values { variables["context.\(key)"] = value }
    let machine = FlowMachine(
      flow, language: member.language, variables: variables, at: clock.now, unixTime: clock.unixTime)
    rooms[id]?[leg]?.stage = .flowing(machine, play: nil)
    await pumpFlow(leg, in: id) { _ in }
  }

  /// Feeds the member's flow and does what it asks. Machine and play are put back before anything is waited for.
  func pumpFlow(_ leg: LegID, in id: RoomID, _ input: (inout FlowMachine) -> Void) async {
    guard let room = rooms[id], let member = room[leg], case .flowing(var machine, var playing) = member.stage else {
      return
    }
    let former = machine.deadline
    input(&machine)
    var reached: [[String: String]] = []
    var after: [FlowMachine.Action] = []
    while let action = machine.nextAction() {
      switch action {
      case .reach(let block, let step, let keyword):
        reached.append(["flow": machine.flow.name, "block": block, "step": "\(step + 1)", "keyword": keyword])
      case .play(let prompts, let stopsOnDigit):
        if let playing { media.post(.stopPlay(playing), to: id) }
        playing = sayInFlow(prompts, leg: leg, in: id, stopsOnDigit: stopsOnDigit)
      case .speak(let language): rooms[id]?[leg]?.language = language
      case .dial, .record, .stopRecording, .consult, .enter, .end: after.append(action)
      }
    }
    rooms[id]?[leg]?.stage = .flowing(machine, play: playing)
    if machine.deadline != former { scheduleFlow(machine.deadline, leg: leg) }
    for step in reached {
      await hub.emit("flow", event(room, member, step))
    }
    for action in after {
      switch action {
      case .dial(let uri, let timeout): await dial(uri, timeout: timeout, for: leg, in: id)
      case .record: await recordInFlow(leg, in: id)
      case .stopRecording: stopRecordingInFlow(in: id)
      case .consult(let hook, let number, let block): consult(hook, number, inBlock: block, leg: leg, in: id)
      case .enter(let name): enterFromFlow(roomNamed: name, leg: leg, in: id)
      case .end(let ending): await calls?.hangUp(leg, cause: ending.rawValue)
      case .reach, .play, .speak: break
      }
    }
  }

  /// Asks without waiting: the answer finds the caller wherever he is by then.
  private func consult(_ hook: FlowHook, _ number: Int, inBlock block: String, leg: LegID, in id: RoomID) {
    guard let member = rooms[id]?[leg], case .flowing(let machine, _) = member.stage else { return }
    let situation = FlowSituation(
      call: member.call, caller: member.uri, name: member.name, flow: machine.flow.name, block: block,
      language: member.language, context: member.context, values: machine.learnt, number: number)
    Task { [weak self, adviser] in
      let advice = await adviser.advice(
        on: situation, from: hook.address, within: .milliseconds(hook.timeout))
      await self?.advised(advice, situation, leg: leg)
    }
  }

  private func advised(_ advice: FlowAdvice, _ situation: FlowSituation, leg: LegID) async {
    if case .failed(let reason) = advice {
      logger.warning(
        "a voice flow got no steps",
        metadata: ["flow": "\(situation.flow)", "block": "\(situation.block)", "reason": "\(reason)"])
    }
    guard let id = places[leg] else { return }
    let now = clock.now
    await pumpFlow(leg, in: id) { $0.advised(advice, on: situation.number, at: now) }
  }

  /// The caller's message: found in the archive by the name of the flow, and by what the flow has learnt.
  private func recordInFlow(_ leg: LegID, in id: RoomID) async {
    guard let member = rooms[id]?[leg], case .flowing(let machine, _) = member.stage else { return }
    media.post(.admit(leg), to: id)
    await startRecording(
      in: id, format: .wav, tracks: false, as: machine.flow.name, of: [member], context: machine.learnt)
  }

  private func stopRecordingInFlow(in id: RoomID) {
    guard let recording = rooms[id]?.recording else { return }
    rooms[id]?.recording = nil
    if let recording = recording.id { media.post(.stopRecording(recording), to: id) }
  }

  /// Prompts that are missing take no time, but end like others.
  private func sayInFlow(_ prompts: [String], leg: LegID, in id: RoomID, stopsOnDigit: Bool) -> PlayID {
    let language = rooms[id]?[leg]?.language ?? settings.language
    let clips = prompts.compactMap { settings.prompts.clip($0, language: language) }
    if let play = play(clips, to: .member(leg), in: id, stopsOnDigit: stopsOnDigit) { return play }
    let silent = PlayID(identifier())
    Task { [weak self] in await self?.playEnded(silent, .finished, in: id) }
    return silent
  }

  private func enterFromFlow(roomNamed name: String, leg: LegID, in id: RoomID) {
    guard case .flowing(var machine, _)? = rooms[id]?[leg]?.stage else { return }
    do throws(SeatRefusal) {
      guard case .room(let name) = settings.routes.room(name) else {
        throw SeatRefusal(status: 404, reason: "No room of that name")
      }
      let room = try conference(named: name)
      if room.isLocked { throw SeatRefusal(status: 403, reason: "Room is locked") }
      if room.isFull { throw SeatRefusal(status: 486, reason: "Room is full") }
      rooms[id]?[leg]?.stage = .connecting
      shift(leg, from: id, to: room.id)
      welcome(leg, in: room.id)
    } catch {
      let prompt = error.status == 403 ? "room-locked" : error.status == 486 ? "room-full" : "service-unavailable"
      machine.roomRefused(prompt: prompt)
      rooms[id]?[leg]?.stage = .flowing(machine, play: nil)
      Task { [weak self] in await self?.pumpFlow(leg, in: id) { _ in } }
    }
  }

  private func scheduleFlow(_ deadline: Instant, leg: LegID) {
    guard deadline < .distantFuture else { return }
    let wait = max(0, deadline.nanoseconds(since: clock.now))
    Task { [weak self] in
      try? await Task.sleep(for: .nanoseconds(wait))
      await self?.flowTimeout(leg)
    }
  }

  private func flowTimeout(_ leg: LegID) async {
    guard let id = places[leg] else { return }
    let now = clock.now
    await pumpFlow(leg, in: id) { $0.timeout(at: now) }
  }
}

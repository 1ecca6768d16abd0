import Audio
import Primitives

extension Room {
  /// Recordings of one room at a time.
  static let maximumRecordings = 4

  mutating func startRecording(_ plan: RecordingPlan) {
    guard !recorders.contains(where: { $0.plan.id == plan.id }) else { return }
    guard recorders.count < Self.maximumRecordings else {
      return events.append(
        .recordingFailed(plan.id, reason: "The room is being recorded too many times at once.", ended: true))
    }
    var recorder = Recorder(plan, settings: encoderSettings)
    recorder.start(rates: rates, writes: &writes)
    recorders.append(recorder)
  }

  mutating func pauseRecording(_ recording: RecordingID, _ isPaused: Bool) {
    guard let index = recorders.firstIndex(where: { $0.plan.id == recording }) else { return }
    let wanted: Recorder.State = isPaused ? .paused : .running
    guard recorders[index].state != wanted else { return }
    recorders[index].pause(isPaused)
    events.append(.recordingPaused(recording, isPaused))
  }

  /// Writes the ends of the files; `recordingEnded` follows when the disk has them.
  mutating func stopRecording(_ recording: RecordingID) {
    guard let index = recorders.firstIndex(where: { $0.plan.id == recording }) else { return }
    recorders[index].finish(writes: &writes)
    recorders.remove(at: index)
  }

  /// Takes what the owner of the files reports.
  package mutating func recordingOutcome(_ outcome: RecordingOutcome) {
    switch outcome {
    case .opened(let recording): events.append(.recordingStarted(recording))
    case .finished(let recording, let files): events.append(.recordingEnded(recording, files))
    case .failed(let recording, let reason, let ended):
      if ended { recorders.removeAll { $0.plan.id == recording } }
      events.append(.recordingFailed(recording, reason: reason, ended: ended))
    }
  }

  mutating func closeTrack(of leg: LegID, slot: Int) {
    for index in recorders.indices { recorders[index].closeTrack(of: leg, slot: slot) }
  }

  /// The timeline jumps over ticks that were missed.
  mutating func skipRecordings(ticks: Int64) {
    for index in recorders.indices { recorders[index].skip(ticks: ticks) }
  }

  /// This tick's audio goes to the recordings.
  mutating func record(at now: Instant) {
    finishWhole()
    for index in recorders.indices {
      let source = recorders[index].plan.whispers ? MixFrame.Source.whole : .mix
      let dropped = recorders[index].droppedOctets
      recorders[index].write(source, of: frame, former: formerFrame, track: 0, rates: rates, writes: &writes)
      if recorders[index].plan.tracks || recorders[index].plan.video { recordTracks(index) }
      if recorders[index].plan.video { recordFilms(index, at: now) }
      if recorders[index].endTick(droppedBefore: dropped, writes: &writes) {
        events.append(
          .recordingFailed(
            recorders[index].plan.id, reason: "The disk is too slow: parts of the recording are lost.", ended: false))
      }
    }
    video?.removeFilmed()
  }

  /// What whispers are in, for those recordings that hold them.
  private mutating func finishWhole() {
    guard recorders.contains(where: \.plan.whispers) else { return }
    frame.finishWhole()
    if rates.former != nil { formerFrame.finishWhole() }
  }

  private mutating func recordTracks(_ index: Int) {
    for slot in legs.indices {
      guard let voice = legs[slot]?.track() else { continue }
      let source: MixFrame.Source?
      switch voice {
      case .none: continue
      case .silence: source = nil
      case .row(let row): source = .row(row)
      case .aside(let row): source = recorders[index].plan.whispers ? .row(row) : nil
      }
      guard let leg = legs[slot]?.id else { continue }
      if recorders[index].plan.tracks,
        let track = recorders[index].track(of: leg, slot: slot, rates: rates, writes: &writes)
      {
        record(source, track: track, of: index)
      }
      if let film = recorders[index].film(of: leg) { record(source, track: film, of: index) }
    }
  }

  /// Nil is silence.
  private mutating func record(_ source: MixFrame.Source?, track: Int, of index: Int) {
    if let source {
      recorders[index].write(source, of: frame, former: formerFrame, track: track, rates: rates, writes: &writes)
    } else {
      recorders[index].writeSilence(track: track, writes: &writes)
    }
  }

  /// The members' pictures that have come since the last tick.
  private mutating func recordFilms(_ index: Int, at now: Instant) {
    guard let films = video?.films else { return }
    for film in films where !film.frames.isEmpty {
      let whispers = recorders[index].plan.whispers
      let isFilmed = slot(of: film.leg).map { legs[$0]?.isFilmed(whispers: whispers) ?? false } ?? false
      let isWaiting = recorders[index].write(film, isFilmed: isFilmed, at: now, rates: rates, writes: &writes)
      if isWaiting { video?.wantKeyFrame(of: film.leg, at: now) }
    }
  }
}

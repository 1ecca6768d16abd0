import Audio
import Primitives
import RTP

/// One recording of a room: a listener to the mix and, if asked, to each member. Its clock is the room's timeline, so loss,
/// DTX and pauses are silence of the right length.
struct Recorder {
  enum State: Hashable {
    case running
    case paused
  }

  /// Files of one recording.
  static let maximumFiles = 1_000

  let plan: RecordingPlan
  private(set) var state = State.running
  var tracks: [RecordingTrack] = []
  /// By the leg, where the track with its picture stands.
  private var films: [LegID: Int] = [:]
  /// Ticks that the recording has lasted.
  private(set) var length: Int64 = 0
  private var settings: EncoderSettings
  /// By the leg's slot in the room: where its track stands; 0 if that must be looked up, -1 if it gets none.
  private var trackOfSlot: [Int] = []
  /// The queue has refused octets and people were told.
  private var isLosing = false

  init(_ plan: RecordingPlan, settings: EncoderSettings) {
    self.plan = plan
    self.settings = settings
  }

  mutating func start(rates: RateSwitch, writes: inout WriteQueue) {
    writes.append(.open(plan.id, directory: plan.directory))
    addTrack(nil, rates: rates, writes: &writes)
  }

  /// Of Opus, for all tracks that are there and that come.
  mutating func set(complexity: Int) {
    settings.complexity = complexity
    for index in tracks.indices { tracks[index].set(complexity: complexity) }
  }

  mutating func pause(_ isOn: Bool) { state = isOn ? .paused : .running }

  /// The room's time moved on by `ticks` without audio.
  mutating func skip(ticks: Int64) { length += ticks }

  /// The member's track goes on no longer.
  mutating func closeTrack(of leg: LegID, slot: Int) {
    if slot < trackOfSlot.count { trackOfSlot[slot] = 0 }
    for index in tracks.indices where tracks[index].leg == leg { tracks[index].isClosed = true }
  }

  private mutating func addTrack(
    _ leg: LegID?, picture: WebMTracks.Video? = nil, rates: RateSwitch, writes: inout WriteQueue
  ) {
    guard tracks.count < Self.maximumFiles else { return }
    let file = RecordingFile(recording: plan.id, index: tracks.count)
    let serial = UInt32(truncatingIfNeeded: leg?.rawValue ?? 0)
    guard
      var track = RecordingTrack(
        file: file, leg: leg, plan: plan, picture: picture, settings: settings, rates: rates, serial: serial)
    else { return }
    track.start(&writes)
    tracks.append(track)
  }

  /// Makes sure that the member in this slot has a track; returns its index.
  mutating func track(of leg: LegID, slot: Int, rates: RateSwitch, writes: inout WriteQueue) -> Int? {
    while trackOfSlot.count <= slot { trackOfSlot.append(0) }
    let known = trackOfSlot[slot]
    if known != 0 { return known > 0 ? known : nil }
    let found = findTrack(of: leg, rates: rates, writes: &writes)
    trackOfSlot[slot] = found ?? -1
    if let found { tracks[found].isClosed = false }
    return found
  }

  private mutating func findTrack(of leg: LegID, rates: RateSwitch, writes: inout WriteQueue) -> Int? {
    if let index = tracks.firstIndex(where: { $0.leg == leg && !$0.isFilm }) { return index }
    addTrack(leg, rates: rates, writes: &writes)
    return tracks.last?.leg == leg ? tracks.count - 1 : nil
  }

  /// The track with the member's picture, once one has come.
  func film(of leg: LegID) -> Int? { films[leg] }

  /// Writes a member's pictures. True if only a key frame can go on.
  mutating func write(
    _ film: Film, isFilmed: Bool, at now: Instant, rates: RateSwitch, writes: inout WriteQueue
  ) -> Bool {
    guard isFilmed, state == .running else {
      // What is left out others may lean on.
      if let track = films[film.leg] { tracks[track].awaitsKeyFrame = true }
      return false
    }
    var hasAdvanced = false
    for frame in film.frames {
      if films[film.leg] == nil { begin(film, with: frame.frame, rates: rates, writes: &writes) }
      // Where no file can be made a key frame does not help.
      guard let track = films[film.leg] else { return tracks.count < Self.maximumFiles }
      tracks[track].isClosed = false
      // Once a tick: it may be a minute of silence.
      let isLevel = hasAdvanced ? tracks[track].position >= length : tracks[track].advance(to: length, &writes)
      hasAdvanced = true
      guard isLevel else {
        tracks[track].awaitsKeyFrame = true
        continue
      }
      let time = length * Room.tickTime - now.nanoseconds(since: frame.time) / 1_000_000
      tracks[track].write(film.assembler.octets(of: frame.frame), frame.frame.kind, at: time, to: &writes)
    }
    return films[film.leg].map { tracks[$0].awaitsKeyFrame } ?? true
  }

  /// A file that holds a picture begins with a key frame: it knows how large it is.
  private mutating func begin(
    _ film: Film, with frame: VP8Assembler.Frame, rates: RateSwitch, writes: inout WriteQueue
  ) {
    guard case .key(let width, let height) = frame.kind else { return }
    let before = tracks.count
    let picture = WebMTracks.Video(width: width, height: height)
    addTrack(film.leg, picture: picture, rates: rates, writes: &writes)
    if tracks.count > before { films[film.leg] = before }
  }

  /// Writes a tick of one file: what the room says, or a member. Call once per file and tick, then `endTick`.
  mutating func write(
    _ source: MixFrame.Source, of mix: MixFrame, former: MixFrame, track index: Int, rates: RateSwitch,
    writes: inout WriteQueue
  ) {
    guard state == .running else { return writeSilence(track: index, writes: &writes) }
    guard tracks[index].advance(to: length, &writes) else { return }
    tracks[index].write(source, of: mix, former: former, rates: rates, to: &writes)
  }

  /// Writes a tick of silence into one file.
  mutating func writeSilence(track index: Int, writes: inout WriteQueue) {
    guard tracks[index].advance(to: length, &writes) else { return }
    tracks[index].writeSilence(to: &writes)
  }

  /// Ends the tick; true if octets have been lost for the first time in a row.
  mutating func endTick(droppedBefore: Int64, writes: inout WriteQueue) -> Bool {
    length += 1
    // What players read of an unfinished file is what its header says: it follows each piece that is written.
    if length % Int64(RecordingTrack.chunk) == 0 {
      for index in tracks.indices where !tracks[index].isClosed { tracks[index].patch(&writes) }
    }
    let isLosingNow = droppedOctets > droppedBefore
    defer { if isLosingNow || length % 50 == 0 { isLosing = isLosingNow } }
    return isLosingNow && !isLosing
  }

  var droppedOctets: Int64 {
    var sum: Int64 = 0
    for track in tracks { sum += track.droppedOctets }
    return sum
  }

  mutating func finish(writes: inout WriteQueue) {
    for index in tracks.indices {
      if tracks[index].leg == nil { while !tracks[index].advance(to: length, &writes) {} }
      tracks[index].finish(&writes)
    }
    writes.append(.finish(plan.id, files: tracks.map(\.recorded)))
  }
}

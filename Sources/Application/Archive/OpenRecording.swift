import Codecs
import Conference
import Primitives

/// A recording that is being made: what will stand beside its files, so far.
struct OpenRecording: Sendable {
  /// Entries of each list that a call can make grow; what comes on top is left out.
  static let maximumEntries = 10_000

  var description: RecordingDescription
  let directory: String
  /// When its first sample was asked for, a tick before it at most.
  let started: Instant
  /// Whose leg is whose.
  private var parties: [LegID: String] = [:]
  private var measured: Set<LegID> = []
  /// Who speaks, and the marker of each whose voice gets into the files.
  private var speakers: Set<LegID> = []
  private var speeches: [LegID: Int] = [:]
  /// When its markers last went to the disk.
  private var marked: Instant
  private let hasTracks: Bool

  init(description: RecordingDescription, directory: String, started: Instant, hasTracks: Bool) {
    self.description = description
    self.directory = directory
    self.started = started
    self.hasTracks = hasTracks
    marked = started
  }

  /// Seconds from the start.
  func seconds(at now: Instant) -> Double { Double(max(0, now.nanoseconds(since: started))) / 1e9 }

  mutating func join(_ leg: LegID, party: String, at now: Instant) {
    guard parties.count < Self.maximumEntries, parties[leg] == nil else { return }
    parties[leg] = party
    add(RecordingMarker(.joined, at: seconds(at: now), party: party))
    if !description.parties.contains(party) { description.parties.append(party) }
    if hasTracks { description.tracks["\(leg.rawValue)"] = party }
  }

  mutating func notice(_ notice: RecordingNotice) {
    guard description.notices.count < Self.maximumEntries else { return }
    description.notices.append(notice)
  }

  /// Seconds after which markers are written though nothing else is.
  private static let markerDelay = 10
  /// Silences of a speaker that are shorter, in seconds, are none.
  private static let shortestSilence = 1.0

  /// True if it is time to write the markers.
  mutating func mark(_ moment: RecordingMoment, at now: Instant) -> Bool {
    switch moment {
    case .left(let leg):
      guard let party = parties[leg] else { return false }
      speakers.remove(leg)
      hear(leg, at: now)
      add(RecordingMarker(.left, at: seconds(at: now), party: party))
    case .talking(let leg, let isTalking):
      if isTalking { speakers.insert(leg) } else { speakers.remove(leg) }
      hear(leg, at: now)
    case .prompts(let names):
      for name in names { add(RecordingMarker(.prompt, at: seconds(at: now), name: name)) }
    case .key(let leg):
      guard let party = parties[leg], !isMasked(party) else { return false }
      add(RecordingMarker(.key, at: seconds(at: now), party: party))
    case .note(let note):
      add(RecordingMarker(.mark, at: seconds(at: now), name: note.isEmpty ? nil : note))
      marked = now
      return true
    }
    guard now.nanoseconds(since: marked) > Int64(Self.markerDelay) * 1_000_000_000 else { return false }
    marked = now
    return true
  }

  private mutating func add(_ marker: RecordingMarker) {
    guard description.markers.count < Self.maximumEntries else { return }
    description.markers.append(marker)
  }

  private func isMasked(_ party: String) -> Bool { description.masks.contains { $0.party == party && $0.to == nil } }

  /// Begins or ends what is marked of a speaker: only what gets into the files.
  private mutating func hear(_ leg: LegID, at now: Instant) {
    guard let party = parties[leg] else { return }
    let isHeard = speakers.contains(leg) && description.state == .recording && !isMasked(party)
    let seconds = seconds(at: now)
    if isHeard, speeches[leg] == nil {
      let last = description.markers.lastIndex { $0.kind == .talking && $0.party == party }
      if let last, let end = description.markers[last].to, seconds - end < Self.shortestSilence {
        description.markers[last].to = nil
        speeches[leg] = last
      } else if description.markers.count < Self.maximumEntries {
        speeches[leg] = description.markers.count
        add(RecordingMarker(.talking, at: seconds, party: party))
      }
    } else if !isHeard, let speech = speeches.removeValue(forKey: leg) {
      description.markers[speech].to = seconds
    }
  }

  private mutating func hearAll(at now: Instant) { for leg in speakers { hear(leg, at: now) } }

  /// False if that changes nothing.
  mutating func mask(_ party: String, _ isMasked: Bool, at now: Instant) -> Bool {
    let last = description.masks.lastIndex { $0.party == party && $0.to == nil }
    switch (last, isMasked) {
    case (nil, true):
      guard description.masks.count < Self.maximumEntries else { return false }
      description.masks.append(RecordingMask(party: party, from: seconds(at: now)))
    case (let last?, false): description.masks[last].to = seconds(at: now)
    case (nil, false), (_?, true): return false
    }
    hearAll(at: now)
    return true
  }

  mutating func pause(_ isPaused: Bool, at now: Instant) {
    description.state = isPaused ? .paused : .recording
    hearAll(at: now)
    let last = description.pauses.indices.last
    if isPaused {
      guard description.pauses.count < Self.maximumEntries, last.map({ description.pauses[$0].to != nil }) ?? true
      else {
        return
      }
      description.pauses.append(RecordingInterval(from: seconds(at: now)))
    } else if let last, description.pauses[last].to == nil {
      description.pauses[last].to = seconds(at: now)
    }
  }

  /// What a leg received in its time; false if it took no part.
  mutating func measure(_ statistics: LegStatistics) -> Bool {
    guard let party = parties[statistics.leg], measured.insert(statistics.leg).inserted else { return false }
    description.quality.append(
      RecordingQuality(
        party: party, codec: statistics.codec?.rawValue ?? "", packetsReceived: statistics.packetsReceived,
        packetsLost: statistics.packetsLost, packetsLate: statistics.packetsLate,
        framesConcealed: statistics.framesConcealed, jitter: statistics.jitter))
    return true
  }

  /// Nothing more will be told of any leg.
  var isMeasured: Bool { measured.count == parties.count }

  /// The files are closed. Without its mix a recording is none.
  mutating func end(_ files: [RecordedFile], at stamp: String) {
    description.state = files.contains { $0.leg == nil } ? .finished : .failed
    description.ended = stamp
    description.files = files.map(RecordingFileDescription.init)
    description.close()
  }
}

extension RecordingDescription {
  /// Sets the duration by the files, and ends what still lasts at their end.
  mutating func close() {
    duration = files.map(\.duration).max() ?? 0
    for index in pauses.indices where pauses[index].to == nil { pauses[index].to = max(duration, pauses[index].from) }
    for index in masks.indices where masks[index].to == nil { masks[index].to = max(duration, masks[index].from) }
    for index in markers.indices where markers[index].kind == .talking && markers[index].to == nil {
      markers[index].to = max(duration, markers[index].at)
    }
  }
}

extension RecordingFileDescription {
  init(_ file: RecordedFile) {
    self.init(
      name: file.name, octets: file.octets, sha256: file.sha256,
      duration: file.sampleRate > 0 ? Double(file.samples) / Double(file.sampleRate) : 0,
      droppedOctets: file.droppedOctets)
  }
}

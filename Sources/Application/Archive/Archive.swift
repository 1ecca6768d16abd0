import Conference
import Logging
import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The recordings: one entry from the start of a recording to its deletion, in `recording.json` beside the files and
/// in the index.
package actor Archive {
  let root: String
  let store: any RecordingStore
  let disk: any ArchiveDisk
  private let clock: any Timekeeping
  let logger: Logger
  /// What the disk did not take is tried again after so long.
  let retryAfter: Duration
  /// Recordings that are being made.
  private var open: [RecordingID: OpenRecording] = [:]
  /// Recordings that have ended before all their legs; the oldest goes first.
  private var ended: [OpenRecording] = []
  /// The latest entries that wait to be written, that are being written, and that could not be written; by id.
  var pending: [String: StoredRecording] = [:]
  var writing: [String: Task<Void, Never>] = [:]
  var unkept: [String: StoredRecording] = [:]

  package init(
    root: String, store: any RecordingStore, disk: any ArchiveDisk, clock: any Timekeeping, logger: Logger,
    retryAfter: Duration = .seconds(5)
  ) {
    self.root = root
    self.store = store
    self.disk = disk
    self.clock = clock
    self.logger = logger
    self.retryAfter = retryAfter
  }

  /// Names a new recording and the directory for its files, `YYYY/MM/DD/<id>`.
  package func plan(
    room: String, format: RecordingFormat, tracks: Bool, sampleRate: Int, parties: [(leg: LegID, uri: String)],
    notices: [RecordingNotice] = [], context: [String: String]
  ) -> RecordingPlan {
    let id = RecordingID(UUID().uuidString.lowercased())
    let stamp = clock.timestamp
    let day = stamp.prefix(10).split(separator: "-").joined(separator: "/")
    let directory = "\(day)/\(id.rawValue)"
    var recording = OpenRecording(
      description: RecordingDescription(
        id: id.rawValue, room: room, state: .recording, started: stamp, duration: 0, files: [], parties: [],
        pauses: [], notices: notices, context: context),
      directory: directory, started: clock.now, hasTracks: tracks)
    for party in parties { recording.join(party.leg, party: party.uri) }
    open[id] = recording
    return RecordingPlan(id: id, directory: directory, format: format, tracks: tracks, sampleRate: sampleRate)
  }

  /// The first octets are on their way to disk: from now on the recording can be found.
  package func started(_ id: RecordingID) { keepOpen(id) { _ in true } }

  package func joined(_ id: RecordingID, leg: LegID, party: String, context: [String: String]) {
    keepOpen(id) { recording in
      recording.join(leg, party: party)
      recording.description.context.merge(context) { first, _ in first }
      return true
    }
  }

  /// Somebody has heard that the call is recorded.
  package func noticed(_ id: RecordingID, _ notice: RecordingNotice) {
    keepOpen(id) { recording in
      recording.notice(notice)
      return true
    }
  }

  /// A member's voice and digits are kept out, or no longer.
  package func masked(_ id: RecordingID, party: String, _ isMasked: Bool) {
    let now = clock.now
    keepOpen(id) { $0.mask(party, isMasked, at: now) }
  }

  package func paused(_ id: RecordingID, _ isPaused: Bool) {
    let now = clock.now
    keepOpen(id) { recording in
      recording.pause(isPaused, at: now)
      return true
    }
  }

  /// A leg has ended: how well it was received belongs to each recording that it was in.
  package func measured(_ statistics: LegStatistics) {
    for id in open.keys { keepOpen(id) { $0.measure(statistics) } }
    for index in ended.indices where ended[index].measure(statistics) {
      keepSoon(ended[index].description, directory: ended[index].directory)
    }
    ended.removeAll(where: \.isMeasured)
  }

  /// Recordings whose legs may still tell how well they were received, at most.
  private static let maximumEnded = 256

  /// Changes an entry, and has it written if the change says that there is news.
  private func keepOpen(_ id: RecordingID, _ change: (inout OpenRecording) -> Bool) {
    guard var recording = open.removeValue(forKey: id) else { return }
    let isNews = change(&recording)
    open[id] = recording
    if isNews { keepSoon(recording.description, directory: recording.directory) }
  }

  /// The files are closed. Returns when the recording can be found.
  package func ended(_ id: RecordingID, files: [RecordedFile]) async {
    guard var recording = open.removeValue(forKey: id) else { return }
    recording.end(files, at: clock.timestamp)
    if !recording.isMeasured { ended.append(recording) }
    if ended.count > Self.maximumEnded { ended.removeFirst() }
    await keep(recording.description, directory: recording.directory)
  }

  package func failed(_ id: RecordingID, reason: String, ended: Bool) {
    logger.error("recording in trouble", metadata: ["recording": "\(id.rawValue)", "reason": "\(reason)"])
    guard ended, var recording = open.removeValue(forKey: id) else { return }
    recording.description.state = .failed
    recording.description.ended = clock.timestamp
    recording.description.close()
    keepSoon(recording.description, directory: recording.directory)
  }

  package var openCount: Int { open.count }

  package func description(_ id: String) async throws(ControlError) -> RecordingDescription {
    if var recording = open[RecordingID(id)] {
      recording.description.duration = recording.seconds(at: clock.now)
      return recording.description
    }
    // Newer than the index's, while the disk is slow or full.
    if let entry = pending[id] ?? unkept[id] { return entry.recording }
    return try await stored(id).recording
  }

  package func find(_ query: RecordingQuery) async throws(ControlError) -> Page<RecordingDescription> {
    do { return try await store.recordings(query) } catch {
      throw ControlError(.failed, "The index of recordings does not answer: \(error)")
    }
  }

  /// The path of a file of a finished recording. Names come from our own entry, never from the caller's text.
  package func path(_ id: String, file name: String) async throws(ControlError) -> String {
    let stored = try await stored(id)
    let names = stored.recording.files.map(\.name) + [Self.peaksName, Self.descriptionName]
    guard let known = names.first(where: { $0 == name }) else {
      throw ControlError(
        .notFound, "Recording \(id) has no file of that name; it has: \(names.joined(separator: ", "))")
    }
    return "\(root)/\(stored.directory)/\(known)"
  }

  /// The wave form of the mix; drawn some time after the recording is closed.
  static let peaksName = "peaks.json"

  package func delete(_ id: String) async throws(ControlError) {
    let stored = try await stored(id)
    // Nothing that is still to be written may bring it back.
    ended.removeAll { $0.description.id == id }
    pending[id] = nil
    unkept[id] = nil
    while let current = writing[id] { await current.value }
    unkept[id] = nil
    do {
      try await store.delete(id)
      try FileManager.default.removeItem(atPath: "\(root)/\(stored.directory)")
    } catch {
      throw ControlError(.failed, "Recording \(id) could not be deleted: \(error)")
    }
    logger.notice("recording deleted", metadata: ["recording": "\(id)"])
  }

  private func stored(_ id: String) async throws(ControlError) -> StoredRecording {
    let found: StoredRecording?
    do { found = try await store.recording(id) } catch {
      throw ControlError(.failed, "The index of recordings does not answer: \(error)")
    }
    guard let found else { throw ControlError(.notFound, "No recording \(id)") }
    return found
  }
}

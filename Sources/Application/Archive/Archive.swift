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
  let accesses: any AccessStore
  let disk: any ArchiveDisk
  let clock: any Timekeeping
  let logger: Logger
  /// Nil if it is there and cannot be read.
  let ledger: Ledger?
  /// How long recordings are kept.
  package var retention: RetentionPolicy
  /// What the disk did not take is tried again after so long.
  let retryAfter: Duration
  /// Recordings that are being made.
  private(set) var open: [RecordingID: OpenRecording] = [:]
  /// Recordings that have ended before all their legs; the oldest goes first.
  var ended: [OpenRecording] = []
  /// The latest entries that wait to be written, that are being written, and that could not be written; by id.
  var pending: [String: StoredRecording] = [:]
  var writing: [String: Task<Void, Never>] = [:]
  var unkept: [String: StoredRecording] = [:]
  /// Seals that stand in the ledger and not yet in `recording.json`, by id.
  var seals: [String: RecordingSeal] = [:]
  /// Who examines the whole, or did so last; and the examination that goes on.
  var examiner: Examiner?
  var examination: Task<Void, Never>?

  /// Reads the end of the ledger: blocks for a moment.
  package init(
    root: String, store: any RecordingStore, accesses: any AccessStore = NoAccessStore(), disk: any ArchiveDisk,
    clock: any Timekeeping, logger: Logger, retention: RetentionPolicy = RetentionPolicy(),
    retryAfter: Duration = .seconds(5)
  ) {
    self.root = root
    self.store = store
    self.accesses = accesses
    self.disk = disk
    self.clock = clock
    self.logger = logger
    self.retention = retention
    self.retryAfter = retryAfter
    ledger = LedgerFile(root: root, onlyEnd: true).map { Ledger(disk: disk, file: $0) }
    if ledger == nil { logger.error("the archive's ledger cannot be read; nothing is sealed") }
  }

  package func reload(_ retention: RetentionPolicy) { self.retention = retention }

  /// Names a new recording and the directory for its files, `YYYY/MM/DD/<id>`.
  package func plan(
    room: String, format: RecordingFormat, tracks: Bool, sampleRate: Int, parties: [(leg: LegID, uri: String)],
    notices: [RecordingNotice] = [], whispers: Bool = false, video: Bool = false, context: [String: String]
  ) -> RecordingPlan {
    let id = RecordingID(UUID().uuidString.lowercased())
    let stamp = clock.timestamp
    let day = stamp.prefix(10).split(separator: "-").joined(separator: "/")
    let directory = "\(day)/\(id.rawValue)"
    var recording = OpenRecording(
      description: RecordingDescription(
        id: id.rawValue, room: room, state: .recording, started: stamp, duration: 0, files: [], parties: [],
        pauses: [], notices: notices, context: context),
      directory: directory, started: clock.now, hasTracks: tracks || video)
    for party in parties { recording.join(party.leg, party: party.uri, at: clock.now) }
    open[id] = recording
    return RecordingPlan(
      id: id, directory: directory, format: format, tracks: tracks, sampleRate: sampleRate, whispers: whispers,
      video: video)
  }

  /// The first octets are on their way to disk: from now on the recording can be found.
  package func started(_ id: RecordingID) { keepOpen(id) { _ in true } }

  package func joined(_ id: RecordingID, leg: LegID, party: String, context: [String: String]) {
    let now = clock.now
    keepOpen(id) { recording in
      recording.join(leg, party: party, at: now)
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

  /// A moment of the recording, for who looks for it later. It goes to the disk with what is written next.
  package func marked(_ id: RecordingID, _ moment: RecordingMoment) {
    let now = clock.now
    keepOpen(id) { $0.mark(moment, at: now) }
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

  /// Changes an entry, and has it written if the change says that there is news. False if no such recording is being
  /// made.
  @discardableResult
  func keepOpen(_ id: RecordingID, _ change: (inout OpenRecording) -> Bool) -> Bool {
    guard var recording = open.removeValue(forKey: id) else { return false }
    let isNews = change(&recording)
    open[id] = recording
    if isNews { keepSoon(recording.description, directory: recording.directory) }
    return true
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
    let stored = try await stored(id)
    var recording = stored.recording
    // The index leaves them out: a list would be long with them.
    recording.markers = read(stored.directory)?.markers ?? recording.markers
    return recording
  }

  package func find(_ query: RecordingQuery) async throws(ControlError) -> Page<RecordingDescription> {
    do { return try await store.recordings(query) } catch {
      throw ControlError(.failed, "The index of recordings does not answer: \(error)")
    }
  }

  /// A file of a finished recording. Names come from our own entry, never from the caller's text.
  package func content(_ id: String, file name: String) async throws(ControlError) -> ArchivedContent {
    let stored = try await stored(id)
    let names = stored.recording.files.map(\.name) + [Self.peaksName, Self.descriptionName]
    guard let known = names.first(where: { $0 == name }) else {
      throw ControlError(
        .notFound, "Recording \(id) has no file of that name; it has: \(names.joined(separator: ", "))")
    }
    return try await content(of: known, in: stored.directory)
  }

  /// The wave form of the mix; drawn some time after the recording is closed.
  static let peaksName = "peaks.json"

  func content(of name: String, in directory: String) async throws(ControlError) -> ArchivedContent {
    let path = "\(root)/\(directory)/\(name)"
    do {
      guard let sealed = try await disk.sealedContent(of: name, in: directory) else { return .plain(path: path) }
      return .sealed(sealed)
    } catch { throw ControlError(.failed, "\(name) cannot be read: \(error)") }
  }

  func stored(_ id: String) async throws(ControlError) -> StoredRecording {
    let found: StoredRecording?
    do { found = try await store.recording(id) } catch {
      throw ControlError(.failed, "The index of recordings does not answer: \(error)")
    }
    guard let found else { throw ControlError(.notFound, "No recording \(id)") }
    return found
  }
}

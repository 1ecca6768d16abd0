import Conference
import Logging

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
  private let clock: any Timekeeping
  let logger: Logger
  /// Recordings that are being made.
  private var open: [RecordingID: OpenRecording] = [:]

  private struct OpenRecording {
    var description: RecordingDescription
    var directory: String
    var started: Date
  }

  package init(root: String, store: any RecordingStore, clock: any Timekeeping, logger: Logger) {
    self.root = root
    self.store = store
    self.clock = clock
    self.logger = logger
  }

  /// Names a new recording and the directory for its files, `YYYY/MM/DD/<id>`.
  package func plan(
    room: String, format: RecordingFormat, tracks: Bool, sampleRate: Int, parties: [String],
    notices: [RecordingNotice] = [], context: [String: String]
  ) -> RecordingPlan {
    let id = RecordingID(UUID().uuidString.lowercased())
    let now = Date()
    let stamp = SystemTime.timestamp(now)
    let day = stamp.prefix(10).split(separator: "-").joined(separator: "/")
    let directory = "\(day)/\(id.rawValue)"
    open[id] = OpenRecording(
      description: RecordingDescription(
        id: id.rawValue, room: room, state: .recording, started: stamp, duration: 0, files: [], parties: parties,
        pauses: [], notices: notices, context: context),
      directory: directory, started: now)
    return RecordingPlan(id: id, directory: directory, format: format, tracks: tracks, sampleRate: sampleRate)
  }

  /// The first octets are on their way to disk: from now on the recording can be found.
  package func started(_ id: RecordingID) async {
    guard let recording = open[id] else { return }
    await keep(recording.description, directory: recording.directory)
  }

  package func joined(_ id: RecordingID, party: String, context: [String: String]) {
    guard open[id] != nil else { return }
    if open[id]?.description.parties.contains(party) == false { open[id]?.description.parties.append(party) }
    open[id]?.description.context.merge(context) { first, _ in first }
  }

  /// Somebody has heard that the call is recorded.
  package func noticed(_ id: RecordingID, _ notice: RecordingNotice) async {
    guard var recording = open[id] else { return }
    recording.description.notices.append(notice)
    open[id] = recording
    await keep(recording.description, directory: recording.directory)
  }

  /// A member's voice and digits are kept out, or no longer.
  package func masked(_ id: RecordingID, party: String, _ isMasked: Bool) async {
    guard var recording = open[id] else { return }
    let at = Date().timeIntervalSince(recording.started)
    let last = recording.description.masks.lastIndex { $0.party == party && $0.to == nil }
    switch (last, isMasked) {
    case (nil, true): recording.description.masks.append(RecordingMask(party: party, from: at))
    case (let last?, false): recording.description.masks[last].to = at
    case (nil, false), (_?, true): return
    }
    open[id] = recording
    await keep(recording.description, directory: recording.directory)
  }

  package func paused(_ id: RecordingID, _ isPaused: Bool) async {
    guard var recording = open[id] else { return }
    let at = Date().timeIntervalSince(recording.started)
    if isPaused {
      recording.description.state = .paused
      recording.description.pauses.append(RecordingInterval(from: at))
    } else {
      recording.description.state = .recording
      if let last = recording.description.pauses.indices.last, recording.description.pauses[last].to == nil {
        recording.description.pauses[last].to = at
      }
    }
    open[id] = recording
    await keep(recording.description, directory: recording.directory)
  }

  package func ended(_ id: RecordingID, files: [RecordedFile]) async {
    guard var recording = open.removeValue(forKey: id) else { return }
    recording.description.state = .finished
    recording.description.ended = SystemTime.timestamp(Date())
    recording.description.files = files.map {
      RecordingFileDescription(
        name: $0.name, octets: $0.octets, sha256: $0.sha256,
        duration: $0.sampleRate > 0 ? Double($0.samples) / Double($0.sampleRate) : 0)
    }
    recording.description.duration = recording.description.files.map(\.duration).max() ?? 0
    if let last = recording.description.pauses.indices.last, recording.description.pauses[last].to == nil {
      recording.description.pauses[last].to = recording.description.duration
    }
    let duration = recording.description.duration
    for index in recording.description.masks.indices where recording.description.masks[index].to == nil {
      recording.description.masks[index].to = duration
    }
    await keep(recording.description, directory: recording.directory)
  }

  package func failed(_ id: RecordingID, reason: String, ended: Bool) async {
    logger.error("recording in trouble", metadata: ["recording": "\(id.rawValue)", "reason": "\(reason)"])
    guard ended, var recording = open.removeValue(forKey: id) else { return }
    recording.description.state = .failed
    recording.description.ended = SystemTime.timestamp(Date())
    await keep(recording.description, directory: recording.directory)
  }

  /// Takes a recording that the start-up scan repaired into the index. What `recording.json` knew is kept.
  package func recovered(directory: String, files: [RecordedFile]) async {
    let id = String(directory.split(separator: "/").last ?? "")
    var description =
      read(directory)
      ?? RecordingDescription(
        id: id, room: "", state: .recovered, started: "", duration: 0, files: [], parties: [], pauses: [], context: [:])
    description.state = .recovered
    for file in files {
      description.files.removeAll { $0.name == file.name }
      description.files.append(
        RecordingFileDescription(
          name: file.name, octets: file.octets, sha256: file.sha256,
          duration: file.sampleRate > 0 ? Double(file.samples) / Double(file.sampleRate) : 0))
    }
    description.duration = description.files.map(\.duration).max() ?? 0
    await keep(description, directory: directory)
  }

  package var openCount: Int { open.count }

  package func description(_ id: String) async throws(ControlError) -> RecordingDescription {
    if var recording = open[RecordingID(id)] {
      recording.description.duration = Date().timeIntervalSince(recording.started)
      return recording.description
    }
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
    guard let file = stored.recording.files.first(where: { $0.name == name }) else {
      let names = stored.recording.files.map(\.name).joined(separator: ", ")
      throw ControlError(.notFound, "Recording \(id) has no file of that name; it has: \(names)")
    }
    return "\(root)/\(stored.directory)/\(file.name)"
  }

  package func delete(_ id: String) async throws(ControlError) {
    let stored = try await stored(id)
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

  func keep(_ description: RecordingDescription, directory: String) async {
    do {
      let folder = "\(root)/\(directory)"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      try encoder.encode(description).write(to: URL(filePath: "\(folder)/recording.json"), options: .atomic)
    } catch {
      logger.error("recording.json not written", metadata: ["recording": "\(description.id)", "error": "\(error)"])
    }
    do { try await store.save(description, directory: directory) } catch {
      logger.error("recording not indexed", metadata: ["recording": "\(description.id)", "error": "\(error)"])
    }
  }

  func read(_ directory: String) -> RecordingDescription? {
    guard let data = FileManager.default.contents(atPath: "\(root)/\(directory)/recording.json") else { return nil }
    return try? JSONDecoder().decode(RecordingDescription.self, from: data)
  }
}

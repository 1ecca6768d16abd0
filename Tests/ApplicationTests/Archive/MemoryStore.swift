import Application

/// An index in memory that can refuse.
actor MemoryStore: RecordingStore, UploadStore {
  struct Refused: Error {}

  private(set) var entries: [String: StoredRecording] = [:]
  private(set) var isRefusing = false
  /// Called before each write, with the entry.
  private let willSave: @Sendable (StoredRecording) -> Void

  init(_ willSave: @escaping @Sendable (StoredRecording) -> Void = { _ in }) { self.willSave = willSave }

  func refuse(_ isOn: Bool) { isRefusing = isOn }
  func put(_ entry: StoredRecording) { entries[entry.recording.id] = entry }
  func forget() { entries = [:] }

  func save(_ fresh: [StoredRecording]) throws {
    if isRefusing { throw Refused() }
    for entry in fresh {
      willSave(entry)
      entries[entry.recording.id] = entry
    }
  }

  func recording(_ id: String) -> StoredRecording? { entries[id] }

  func recordings(_ query: RecordingQuery) -> Page<RecordingDescription> {
    Page(items: entries.values.map(\.recording).sorted { $0.started > $1.started }, next: nil)
  }

  func delete(_ id: String) { entries[id] = nil }
  func identifiers() -> Set<String> { Set(entries.keys) }
  func unfinished() -> [StoredRecording] {
    entries.values.filter { $0.recording.state == .recording || $0.recording.state == .paused }
  }
  func unsealed(limit: Int) -> [StoredRecording] {
    let found = entries.values.filter { $0.recording.state.isClosed && $0.recording.seal == nil }
    return Array(found.sorted { $0.recording.id < $1.recording.id }.prefix(limit))
  }
  private(set) var uploaded: [String] = []
  func noteUploaded(_ id: String) { uploaded.append(id) }
  func awaitingUpload(limit: Int) throws -> [StoredRecording] {
    if isRefusing { throw Refused() }
    let found = entries.values.filter {
      $0.recording.state.isClosed && $0.recording.seal != nil && !uploaded.contains($0.recording.id)
    }
    return Array(found.sorted { $0.recording.id < $1.recording.id }.prefix(limit))
  }
  func rooms() -> [String] { Set(entries.values.map(\.recording.room)).sorted() }
  func expired(room: String, startedBefore time: String, limit: Int) -> [String] {
    let found = entries.values.map(\.recording).filter {
      $0.room == room && $0.state.isClosed && !$0.legalHold && $0.started < time
    }
    return found.map(\.id).sorted().prefix(limit).map { $0 }
  }
}

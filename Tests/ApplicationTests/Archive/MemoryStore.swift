import Application

/// An index in memory that can refuse.
actor MemoryStore: RecordingStore {
  struct Refused: Error {}

  private(set) var entries: [String: StoredRecording] = [:]
  private(set) var isRefusing = false
  /// Called before each write, with the entry.
  private let willSave: @Sendable (StoredRecording) -> Void

  init(_ willSave: @escaping @Sendable (StoredRecording) -> Void = { _ in }) { self.willSave = willSave }

  func refuse(_ isOn: Bool) { isRefusing = isOn }
  func put(_ entry: StoredRecording) { entries[entry.recording.id] = entry }
  func forget() { entries = [:] }

  func save(_ recording: RecordingDescription, directory: String) throws {
    if isRefusing { throw Refused() }
    let entry = StoredRecording(recording: recording, directory: directory)
    willSave(entry)
    entries[recording.id] = entry
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
}

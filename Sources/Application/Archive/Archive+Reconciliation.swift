import Conference
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// At start the index is made to say what the disk holds: the files are the truth.
extension Archive {
  /// Takes a recording that the start-up scan repaired into the index. What `recording.json` knew is kept.
  package func recovered(directory: String, files: [RecordedFile]) async {
    var description = read(directory) ?? unknown(directory)
    description.files = files.map(RecordingFileDescription.init)
    // Nothing that could be played is left: an entry must not promise it.
    description.state = files.contains { $0.leg == nil } ? .recovered : .failed
    description.close()
    // It is another recording than the one that was sealed, if it was.
    description.seal = nil
    await keep(description, directory: directory)
  }

  /// Entries that are put into the index together.
  private static let indexedAtOnce = 500

  /// `inspect` finds the finished audio files in a directory below the root.
  package func reconcile(inspect: (_ directory: String) -> [RecordedFile]) async {
    // First, so that nothing of what was deleted is found again.
    await finishDeletions()
    do {
      for stored in try await store.unfinished() { await settle(stored, inspect: inspect) }
      let known = try await store.identifiers()
      var found: [StoredRecording] = []
      for directory in Self.directories(below: root) where !known.contains(name(of: directory)) {
        if let description = read(directory), description.state.isClosed, description.seal != nil {
          // The file is as it should be: only the index lacks it.
          found.append(StoredRecording(recording: description, directory: directory))
          if found.count >= Self.indexedAtOnce {
            try await store.save(found)
            found = []
          }
        } else if let description = read(directory) {
          await settle(StoredRecording(recording: description, directory: directory), inspect: inspect)
        } else {
          let files = inspect(directory)
          guard !files.isEmpty else { continue }
          await recovered(directory: directory, files: files)
        }
        logger.notice("recording found on disk", metadata: ["directory": "\(directory)"])
      }
      try await store.save(found)
      await sealOlder()
    } catch {
      logger.error("the index of recordings does not answer", metadata: ["error": "\(error)"])
    }
  }

  private func name(of directory: String) -> String { String(directory.split(separator: "/").last ?? "") }

  /// A recording that has files and no description: its directory tells the day.
  private func unknown(_ directory: String) -> RecordingDescription {
    let day = directory.split(separator: "/").prefix(3).joined(separator: "-")
    return RecordingDescription(
      id: name(of: directory), room: "", state: .recovered, started: "\(day)T00:00:00.000Z", duration: 0, files: [],
      parties: [], pauses: [], context: [:])
  }

  /// No recording is being made at start: what says so was cut off, between its last octet and its entry.
  private func settle(_ stored: StoredRecording, inspect: (_ directory: String) -> [RecordedFile]) async {
    // The file may be newer than the row: it is written first.
    let description = read(stored.directory) ?? stored.recording
    switch description.state {
    case .finished, .recovered, .failed: await keep(description, directory: stored.directory)
    case .recording, .paused: await recovered(directory: stored.directory, files: inspect(stored.directory))
    }
  }

  /// `YYYY/MM/DD/<id>` of everything below the root.
  static func directories(below root: String) -> [String] {
    func below(_ path: String, digits: Int) -> [String] {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(path)")) ?? []
      let wanted = names.filter { name in
        digits == 0 || (name.utf8.count == digits && name.utf8.allSatisfy { (0x30...0x39).contains($0) })
      }
      return wanted.sorted().map { path.isEmpty ? $0 : "\(path)/\($0)" }
    }
    return below("", digits: 4).flatMap { below($0, digits: 2) }.flatMap { below($0, digits: 2) }
      .flatMap { below($0, digits: 0) }
  }

  func read(_ directory: String) -> RecordingDescription? { Self.description(in: directory, below: root) }

  /// What `recording.json` says; nil if there is none, or it cannot be read.
  static func description(in directory: String, below root: String) -> RecordingDescription? {
    let path = "\(root)/\(directory)/\(descriptionName)"
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    return try? JSONDecoder().decode(RecordingDescription.self, from: data)
  }
}

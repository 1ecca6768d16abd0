import Conference
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// At start the index is made to say what the disk holds: the files are the truth.
extension Archive {
  /// `inspect` finds the finished audio files in a directory below the root.
  package func reconcile(inspect: (_ directory: String) -> [RecordedFile]) async {
    do {
      for stored in try await store.unfinished() { await settle(stored, inspect: inspect) }
      let known = try await store.identifiers()
      for directory in directories() where !known.contains(name(of: directory)) {
        guard let description = read(directory) else { continue }
        await settle(StoredRecording(recording: description, directory: directory), inspect: inspect)
        logger.notice("recording found on disk", metadata: ["directory": "\(directory)"])
      }
    } catch {
      logger.error("the index of recordings does not answer", metadata: ["error": "\(error)"])
    }
  }

  private func name(of directory: String) -> String { String(directory.split(separator: "/").last ?? "") }

  /// No recording is being made at start: what says so was cut off, between its last octet and its entry.
  private func settle(_ stored: StoredRecording, inspect: (_ directory: String) -> [RecordedFile]) async {
    switch stored.recording.state {
    case .finished, .recovered, .failed: await keep(stored.recording, directory: stored.directory)
    case .recording, .paused: await recovered(directory: stored.directory, files: inspect(stored.directory))
    }
  }

  /// `YYYY/MM/DD/<id>` of everything below the root.
  private func directories() -> [String] {
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
}

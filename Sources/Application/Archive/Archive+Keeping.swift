import Conference
import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How an entry gets to the disk and into the index: whole, durable, the file before the row, and never so that a call waits for it.
extension Archive {
  static let descriptionName = "recording.json"
  /// Entries that may wait for a disk that takes nothing.
  static let maximumUnkept = 10_000

  /// Leaves the latest entry of a recording to be written; what changes meanwhile is written once.
  func keepSoon(_ description: RecordingDescription, directory: String) {
    pending[description.id] = StoredRecording(recording: description, directory: directory)
    Task { await write(description.id) }
  }

  /// Writes the latest entry of a recording; returns when it is there, or has failed and will be tried again.
  func keep(_ description: RecordingDescription, directory: String) async {
    pending[description.id] = StoredRecording(recording: description, directory: directory)
    await write(description.id)
  }

  /// Waits until everything that was left to be written has been tried.
  package func settle() async {
    while let id = pending.keys.first ?? writing.keys.first { await write(id) }
  }

  /// One write of an entry at a time, so that an older one never follows a newer one.
  private func write(_ id: String) async {
    while let current = writing[id] { await current.value }
    guard let entry = pending.removeValue(forKey: id) else { return }
    let task = Task {
      let isKept = await put(entry)
      writing[id] = nil
      if isKept {
        unkept[id] = nil
        seals[id] = nil
      } else {
        tryAgain(entry)
      }
    }
    writing[id] = task
    await task.value
  }

  private func put(_ entry: StoredRecording) async -> Bool {
    var entry = entry
    let id = entry.recording.id
    var isDone = true
    do {
      do { try await seal(&entry) } catch let error as Unsealed {
        // Where the ledger cannot be read, the next start tries it again, not this one.
        isDone = ledger == nil
        if unkept[id] == nil {
          logger.error("recording not sealed", metadata: ["recording": "\(id)", "error": "\(error.reason)"])
        }
      }
      try await write(entry)
    } catch {
      // Once; the disk may be full for hours.
      if unkept[id] == nil {
        logger.error(
          "recording.json not written; it is tried again", metadata: ["recording": "\(id)", "error": "\(error)"])
      }
      return false
    }
    do { try await store.save(entry.recording, directory: entry.directory) } catch {
      if unkept[id] == nil {
        logger.error("recording not indexed; it is tried again", metadata: ["recording": "\(id)", "error": "\(error)"])
      }
      return false
    }
    return isDone
  }

  /// Writes `recording.json`; durable when it returns.
  func write(_ entry: StoredRecording) async throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let octets = [UInt8](try encoder.encode(entry.recording))
    try await disk.write(octets, to: Self.descriptionName, in: entry.directory)
  }

  private func tryAgain(_ entry: StoredRecording) {
    let isFirst = unkept.isEmpty
    // The next start finds the files and what is beside them.
    guard unkept.count < Self.maximumUnkept || unkept[entry.recording.id] != nil else { return }
    unkept[entry.recording.id] = entry
    guard isFirst else { return }
    Task { [weak self, retryAfter] in
      while await self?.hasUnkept == true {
        do { try await Task.sleep(for: retryAfter) } catch { return }
        await self?.retry()
      }
    }
  }

  private var hasUnkept: Bool { !unkept.isEmpty }

  private func retry() async {
    for (id, entry) in unkept where pending[id] == nil {
      pending[id] = entry
      await write(id)
    }
  }
}

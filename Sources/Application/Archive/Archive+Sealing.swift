import Conference
import Logging

/// The chain: what is closed, deleted or held has a line in the ledger, and none is ever taken back.
extension Archive {
  /// Recordings without a seal that a start looks after at once; the rest follows while the server runs.
  static let sealedAtOnce = 1_000

  /// The archive has no ledger that it can read, and may not write over it.
  struct LedgerUnreadable: Error, CustomStringConvertible {
    var description: String { "'\(Ledger.name)' cannot be read" }
  }

  /// The ledger did not take the line of a closed recording.
  struct Unsealed: Error {
    var reason: String
  }

  /// Gives a closed recording its place in the chain, if it has none. A seal that does not fit is left as it is: what
  /// was changed on disk must show, not be sealed anew. Throws `Unsealed`, or what the disk says.
  func seal(_ entry: inout StoredRecording) async throws {
    let recording = entry.recording
    guard recording.state.isClosed, recording.seal == nil else { return }
    let facts = try RecordingFacts(recording).hash()
    let former = seals[recording.id] ?? read(entry.directory)?.seal
    if let former, former.facts == facts {
      entry.recording.seal = former
      return
    }
    // The facts are on disk before the ledger has their hash: no crash leaves a file that is behind its line, as one
    // that was put back would be.
    try await write(entry)
    let reason: String? =
      switch recording.state {
      case .recovered, .failed: recording.state.rawValue
      case .recording, .paused, .finished: nil
      }
    let line: LedgerLine
    do {
      line = try await chain(
        LedgerEntry(
          .closed, id: recording.id, at: clock.timestamp, directory: entry.directory, facts: facts, reason: reason))
    } catch { throw Unsealed(reason: "\(error)") }
    entry.recording.seal = line.seal
    seals[recording.id] = line.seal
  }

  @discardableResult
  func chain(_ entry: LedgerEntry) async throws -> LedgerLine {
    guard let ledger else { throw LedgerUnreadable() }
    return try await ledger.append(entry)
  }

  /// Seals recordings that were closed before there was a chain, or whose seal did not get to the disk.
  /// Returns how many.
  @discardableResult
  package func sealOlder(limit: Int = sealedAtOnce) async -> Int {
    guard ledger != nil else { return 0 }
    var sealed = 0
    do {
      for stored in try await store.unsealed(limit: limit) where open[RecordingID(stored.recording.id)] == nil {
        // The row knows no markers, and may be older than the file.
        await keep(read(stored.directory) ?? stored.recording, directory: stored.directory)
        if unkept[stored.recording.id] == nil { sealed += 1 }
      }
    } catch {
      logger.error("the index of recordings does not answer", metadata: ["error": "\(error)"])
    }
    return sealed
  }

  /// What a crash has left of recordings whose deletion stands in the ledger: also a part of their files, or the row
  /// alone.
  func finishDeletions() async {
    guard let file = LedgerFile(root: root, onlyEnd: true) else { return }
    for case let line? in file.lines where line.event == .deleted {
      guard let directory = line.directory else { continue }
      do { try await remove(line.id, directory: directory) } catch {
        logger.error("recording not deleted", metadata: ["recording": "\(line.id)", "error": "\(error)"])
      }
    }
  }

  /// The last line of the chain; nil where the ledger cannot be read.
  var head: LedgerHead? {
    get async { await ledger?.head }
  }
}

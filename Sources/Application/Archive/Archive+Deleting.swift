import Logging

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// How recordings go: because somebody wants it, or because they have been kept as long as their room says.
extension Archive {
  /// Recordings of a room that one sweep deletes; the next one goes on.
  static let sweptAtOnce = 1_000

  /// Deletes a closed recording and its files; a line of the ledger stays. `person`: who or what rule wants it.
  package func delete(_ id: String, by person: String, reason: String? = nil) async throws(ControlError) {
    guard try await !description(id).legalHold else {
      throw ControlError(.conflict, "Recording \(id) is under legal hold: release it first")
    }
    let stored = try await stored(id)
    // Nothing that is still to be written may bring it back.
    ended.removeAll { $0.description.id == id }
    pending[id] = nil
    unkept[id] = nil
    while let current = writing[id] { await current.value }
    unkept[id] = nil
    seals[id] = nil
    do {
      try await chain(
        LedgerEntry(
          .deleted, id: id, at: clock.timestamp, directory: stored.directory, by: person, reason: reason))
      try await remove(id, directory: stored.directory)
    } catch {
      throw ControlError(.failed, "Recording \(id) could not be deleted: \(error)")
    }
    logger.notice("recording deleted", metadata: ["recording": "\(id)", "by": "\(person)"])
  }

  /// Once an hour what is to be done without being asked: until the task is cancelled.
  package func keepHouse() async {
    while !Task.isCancelled {
      await sweep()
      while !Task.isCancelled, await sealOlder() == Self.sealedAtOnce {}
      do { try await Task.sleep(for: .seconds(3_600)) } catch { return }
    }
  }

  /// Deletes what is older than its room's retention and not held. Returns how many went.
  @discardableResult
  package func sweep() async -> Int {
    var deleted = 0
    do {
      for room in try await store.rooms() {
        guard let days = retention.days(of: room), let cutoff = retention.cutoff(days: days, before: clock.timestamp)
        else { continue }
        for id in try await store.expired(room: room, startedBefore: cutoff, limit: Self.sweptAtOnce) {
          do {
            try await delete(id, by: "retention", reason: "older than \(days) days")
            deleted += 1
          } catch {
            logger.error("recording not deleted", metadata: ["recording": "\(id)", "error": "\(error.detail)"])
          }
        }
      }
    } catch {
      logger.error("the index of recordings does not answer", metadata: ["error": "\(error)"])
    }
    return deleted
  }

  func remove(_ id: String, directory: String) async throws {
    let path = "\(root)/\(directory)"
    // Somebody may have been quicker.
    if FileManager.default.fileExists(atPath: path) { try FileManager.default.removeItem(atPath: path) }
    try await store.delete(id)
  }
}

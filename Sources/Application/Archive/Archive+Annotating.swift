import Conference
import Logging

/// What people say about recordings: tags and legal hold.
extension Archive {
  /// Tags of a recording at the most, and characters of one.
  static let maximumTags = 32
  static let maximumTagLength = 64
  /// Octets of what is said why something is held.
  static let maximumReason = 255

  /// Sets what the change names. `person`: who wants it, for the ledger.
  package func annotate(
    _ id: String, _ change: RecordingAnnotation, by person: String
  ) async throws(ControlError) -> RecordingDescription {
    let tags = try change.tags.map(Self.plainTags)
    guard (change.reason ?? "").utf8.count <= Self.maximumReason else {
      throw ControlError(.invalid, "A reason has at most \(Self.maximumReason) octets", field: "reason")
    }
    let former = try await description(id)
    if let isHeld = change.legalHold, isHeld != former.legalHold {
      do {
        try await chain(
          LedgerEntry(isHeld ? .held : .released, id: id, at: clock.timestamp, by: person, reason: change.reason))
      } catch { throw ControlError(.failed, "The ledger of the archive cannot be written: \(error)") }
    }
    func apply(_ recording: inout RecordingDescription) {
      if let tags { recording.tags = tags }
      if let isHeld = change.legalHold { recording.legalHold = isHeld }
    }
    if keepOpen(
      RecordingID(id),
      {
        apply(&$0.description); return true
      })
    {
      return try await description(id)
    }
    // A late measurement of a leg writes the entry again: it must not undo this.
    for index in ended.indices where ended[index].description.id == id { apply(&ended[index].description) }
    let stored = try await stored(id)
    while let current = writing[id] { await current.value }
    var recording = pending[id]?.recording ?? unkept[id]?.recording ?? read(stored.directory) ?? stored.recording
    apply(&recording)
    await keep(recording, directory: stored.directory)
    return try await description(id)
  }

  private static func plainTags(_ tags: [String]) throws(ControlError) -> [String] {
    guard tags.count <= maximumTags else {
      throw ControlError(.invalid, "A recording has at most \(maximumTags) tags", field: "tags")
    }
    for tag in tags {
      let isPlain = tag.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
      guard (1...maximumTagLength).contains(tag.count), tag.utf8.count <= 255, isPlain else {
        throw ControlError(.invalid, "A tag has 1 to \(maximumTagLength) characters on one line", field: "tags")
      }
    }
    return Set(tags).sorted()
  }
}

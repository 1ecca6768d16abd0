import Logging

/// Who gets to hear what.
extension Archive {
  /// Rows of a recording's access log that are shown.
  static let shownAccesses = 1_000

  /// A file of a closed recording, for somebody who is on record then.
  package func content(
    _ id: String, file name: String, for person: String, as kind: RecordingAccess.Kind
  ) async throws(ControlError) -> ArchivedContent {
    let content = try await content(id, file: name)
    if [".wav", ".opus", ".webm"].contains(where: name.hasSuffix) { await note(id, file: name, kind, by: person) }
    return content
  }

  /// What is needed to hand a closed recording over whole.
  package func export(_ id: String, for person: String) async throws(ControlError) -> ExportedRecording {
    let recording = try await description(id)
    guard recording.state.isClosed else {
      throw ControlError(.conflict, "Recording \(id) is being made: stop it first")
    }
    let stored = try await stored(id)
    var files: [ExportedRecording.File] = []
    for name in recording.files.map(\.name) + [Self.descriptionName, Self.peaksName] {
      do {
        let (octets, sha256) = try await disk.digest(of: name, in: stored.directory)
        guard !sha256.isEmpty else { throw ControlError(.failed, "it is not what was sealed") }
        files.append(
          ExportedRecording.File(name: name, octets: octets, sha256: sha256) { [directory = stored.directory] in
            try await self.content(of: name, in: directory)
          })
      } catch {
        // The wave form may still be drawn.
        guard name == Self.peaksName else { throw ControlError(.failed, "\(name) cannot be read: \(error)") }
      }
    }
    await note(id, file: "", .exported, by: person)
    return ExportedRecording(recording: recording, files: files, at: clock.timestamp, by: person)
  }

  package func accesses(of id: String) async throws(ControlError) -> [RecordingAccess] {
    _ = try await description(id)
    do { return try await accesses.accesses(of: id, limit: Self.shownAccesses) } catch {
      throw ControlError(.failed, "The access log does not answer: \(error)")
    }
  }

  private func note(_ id: String, file: String, _ kind: RecordingAccess.Kind, by person: String) async {
    let now = clock.timestamp
    do {
      try await accesses.note(
        RecordingAccess(recording: id, file: file, kind: kind, by: person, at: now, last: now))
    } catch {
      logger.error("an access is not on record", metadata: ["recording": "\(id)", "error": "\(error)"])
    }
  }
}

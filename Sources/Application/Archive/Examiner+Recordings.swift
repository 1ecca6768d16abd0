#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The recordings on disk and in the index against what the ledger says.
extension Examiner {
  func examine(_ id: String, _ known: Known) async {
    let line = known.seal.number
    guard let recording = read(known.directory) else {
      let isThere = FileManager.default.fileExists(atPath: "\(root)/\(known.directory)")
      await find(
        .recordingMissing, id, line: line,
        isThere ? "Recording \(id) has no recording.json that can be read" : "Recording \(id) has been removed")
      return
    }
    if (try? RecordingFacts(recording).hash()) != known.seal.facts {
      await find(
        .recordingAltered, id, line: line, "recording.json of \(id) tells something else than when it was closed")
    } else if recording.seal != known.seal {
      await find(.recordingAltered, id, line: line, "recording.json of \(id) has not the seal of line \(line)")
    }
    if recording.legalHold != held.contains(id) {
      await find(
        .recordingAltered, id,
        "Legal hold of recording \(id) was \(recording.legalHold ? "set" : "taken away") without a line in the ledger"
      )
    }
    for file in recording.files { await examine(file, of: id, in: known.directory) }
    await examineExtras(recording, in: known.directory)
  }

  private func examine(_ file: RecordingFileDescription, of id: String, in directory: String) async {
    let found: (octets: Int64, sha256: String)
    do { found = try await disk.digest(of: file.name, in: directory) } catch {
      await find(.fileMissing, id, file: file.name, "\(file.name) of recording \(id) cannot be read: \(error)")
      return
    }
    countFile(octets: found.octets)
    guard found.sha256 != file.sha256 || found.octets != file.octets else { return }
    await find(
      .fileAltered, id, file: file.name, "\(file.name) of recording \(id) is no longer what it was when it was closed")
  }

  /// Files that lie beside the recording's own.
  private func examineExtras(_ recording: RecordingDescription, in directory: String) async {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)")) ?? []
    let known = Set(recording.files.map(\.name) + [Archive.descriptionName, Archive.peaksName])
    // What was being written when the recording failed, or just now.
    let leftovers = [".part", ".new", ".unreadable"]
    for name in names.sorted() where !known.contains(name) && !leftovers.contains(where: name.hasSuffix) {
      await find(
        .fileUnknown, recording.id, file: name,
        "\(name) lies beside recording \(recording.id) and does not belong to it")
    }
  }

  /// A directory that the ledger does not lead to.
  func examineStranger(in directory: String) async {
    let id = String(directory.split(separator: "/").last ?? "")
    if let known = live[id] {
      guard known.directory != directory else { return }
      await find(
        .recordingMoved, id, line: known.seal.number,
        "Recording \(id) belongs in \(known.directory), and lies in \(directory)")
    } else if deleted.contains(id) {
      await find(.deletionUndone, id, "Recording \(id) was deleted, and is there again")
    } else {
      let names = (try? FileManager.default.contentsOfDirectory(atPath: "\(root)/\(directory)")) ?? []
      guard !names.isEmpty else { return }
      await find(.recordingUnknown, id, "Recording \(id) has no line in the ledger")
    }
  }

  func examineIndex() async {
    let indexed: Set<String>
    do { indexed = try await store.identifiers() } catch {
      find(ArchiveFinding(.indexMissing, "The index does not answer: \(error)"))
      return
    }
    for id in live.keys.sorted() where !indexed.contains(id) {
      await find(.indexMissing, id, "Recording \(id) is not in the index")
    }
    for id in indexed.sorted() {
      guard let entry = try? await store.recording(id), entry.recording.state.isClosed else { continue }
      guard let known = live[id] else {
        await find(
          .recordingMissing, id,
          deleted.contains(id)
            ? "Recording \(id) was deleted, and is still in the index"
            : "The index knows recording \(id), which neither the disk nor the ledger has any more")
        continue
      }
      guard var recording = read(known.directory) else { continue }
      // The index keeps no markers.
      recording.markers = []
      var row = entry.recording
      row.markers = []
      if row != recording || entry.directory != known.directory {
        await find(.indexDiffers, id, "The index tells something else of recording \(id) than its recording.json")
      }
    }
  }
}

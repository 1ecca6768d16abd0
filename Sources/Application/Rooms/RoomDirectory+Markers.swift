import Conference

/// Moments that are marked in the room's recording.
extension RoomDirectory {
  /// Tells the archive a little later: whoever calls this may be in the middle of changing the room.
  func mark(_ moment: RecordingMoment, in id: RoomID) {
    Task { [weak self] in await self?.tellArchive(of: moment, in: id) }
  }

  func tellArchive(of moment: RecordingMoment, in id: RoomID) async {
    guard let recording = rooms[id]?.recording?.id else { return }
    await archive.marked(recording, moment)
  }

  /// Somebody marks this moment of a recording that is being made; `note` says why, or nothing.
  package func mark(recording id: RecordingID, _ note: String) async throws(ControlError) {
    guard let room = rooms.values.first(where: { $0.recording?.id == id }) else {
      throw ControlError(.conflict, "Recording \(id.rawValue) is not running")
    }
    let isPlain = note.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }
    guard note.utf8.count <= RecordingMarker.maximumNote, isPlain else {
      throw ControlError(
        .invalid, "A mark has at most \(RecordingMarker.maximumNote) octets on one line", field: "mark")
    }
    await archive.marked(id, .note(note))
    await hub.emit("recording", recordingEvent(id, "marked", in: room.id))
  }
}

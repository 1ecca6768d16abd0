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
}

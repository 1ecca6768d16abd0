/// What the owner of the files reports back to the room.
package enum RecordingOutcome: Sendable {
  case opened(RecordingID)
  /// Every file closed; `octets`, `sha256` and the drops of the disk are filled in.
  case finished(RecordingID, [RecordedFile])
  /// A sentence for people. `ended`: nothing more of this recording can be written.
  case failed(RecordingID, reason: String, ended: Bool)
}

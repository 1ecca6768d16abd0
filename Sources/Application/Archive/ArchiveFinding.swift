/// One thing in an archive that is not as the server left it.
package struct ArchiveFinding: Codable, Hashable, Sendable {
  package enum Kind: String, Codable, Hashable, Sendable, CaseIterable {
    case lineAltered, lineMissing, lineMoved, ledgerMissing, headDiffers
    case recordingAltered, recordingMissing, recordingUnknown, recordingMoved, recordingClosedAgain, deletionUndone
    case fileAltered, fileMissing, fileUnknown
    case indexMissing, indexDiffers
  }

  package var kind: Kind
  /// A sentence for people.
  package var detail: String
  package var recording: String?
  package var file: String?
  /// Of the ledger.
  package var line: Int?

  package init(
    _ kind: Kind, _ detail: String, recording: String? = nil, file: String? = nil, line: Int? = nil
  ) {
    self.kind = kind
    self.detail = detail
    self.recording = recording
    self.file = file
    self.line = line
  }
}

/// What an examination of the archive has found so far: ledger, recordings, files and index against each other.
package struct ArchiveVerification: Codable, Hashable, Sendable {
  package enum State: String, Codable, Hashable, Sendable {
    /// Nobody has asked for one since the server began.
    case none
    case running, done
  }

  package var state: State
  /// RFC 3339.
  package var started: String?
  package var ended: String?
  /// What has been looked at.
  package var lines = 0
  package var recordings = 0
  package var files = 0
  package var octets: Int64 = 0
  /// The end of the ledger: kept elsewhere, it proves later that nothing before it was changed.
  package var head: LedgerHead?
  /// What is not as the server left it.
  package var findings: [ArchiveFinding] = []
  /// What has an innocent cause, but should be known.
  package var remarks: [ArchiveFinding] = []
  /// Findings and remarks that were too many to be told.
  package var omitted = 0

  /// Findings that are told; so many remarks as well.
  package static let maximumFindings = 1_000

  package init(state: State, started: String? = nil) {
    self.state = state
    self.started = started
  }

  package var isClean: Bool { state == .done && findings.isEmpty }
}

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

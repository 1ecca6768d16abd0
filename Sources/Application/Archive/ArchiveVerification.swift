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

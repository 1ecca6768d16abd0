#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Goes through an archive and says what was removed, altered or put in another order. It only reads.
///
/// What changes meanwhile is not its business: recordings that are being made or written are left out, and a finding
/// about one that has got a new line in the ledger since is dropped.
actor Examiner {
  /// A closed recording by the ledger, or by its own seal where the ledger has lost its line.
  struct Known {
    var directory: String
    var seal: RecordingSeal
    /// It was closed otherwise than `finished`.
    var isIncomplete: Bool
  }

  let root: String
  let store: any RecordingStore
  let disk: any ArchiveDisk
  private let archive: Archive
  private let expected: LedgerHead?
  private(set) var report: ArchiveVerification

  /// What `recording.json` of each directory says of its place in the chain.
  var seals: [Int: (id: String, known: Known)] = [:]
  var live: [String: Known] = [:]
  var deleted: Set<String> = []
  /// Numbers of lines that cannot be read.
  var unreadable: Set<Int> = []
  var held: Set<String> = []
  /// The ledger's last line when it was read.
  var head = LedgerHead.beginning

  init(
    archive: Archive, root: String, store: any RecordingStore, disk: any ArchiveDisk, started: String,
    head: LedgerHead?
  ) {
    self.archive = archive
    self.root = root
    self.store = store
    self.disk = disk
    expected = head
    report = ArchiveVerification(state: .running, started: started)
  }

  func run() async {
    // The files first: whatever they say was in the ledger before.
    let directories = Archive.directories(below: root)
    for (index, directory) in directories.enumerated() {
      // Thousands of small files are read here: others want the thread as well.
      if index % 64 == 63 { await Task.yield() }
      guard let recording = read(directory), recording.state.isClosed, let seal = recording.seal else { continue }
      let known = Known(directory: directory, seal: seal, isIncomplete: recording.state != .finished)
      seals[seal.number] = (recording.id, known)
    }
    if let file = LedgerFile(root: root, onlyEnd: false) {
      examine(file)
      if let expected { examine(expected, in: file) }
    } else {
      find(ArchiveFinding(.ledgerMissing, "The ledger '\(Ledger.name)' cannot be read"))
    }
    for (id, known) in live.sorted(by: { $0.value.seal.number < $1.value.seal.number }) {
      guard !Task.isCancelled else { return }
      report.recordings += 1
      if await isSteady(id) { await examine(id, known) }
    }
    for directory in directories { await examineStranger(in: directory) }
    await examineIndex()
  }

  func close(at time: String) {
    report.state = .done
    report.ended = time
    seals = [:]
    live = [:]
    deleted = []
    held = []
  }

  func read(_ directory: String) -> RecordingDescription? { Archive.description(in: directory, below: root) }

  // MARK: Findings

  func find(_ finding: ArchiveFinding) {
    if report.findings.count < ArchiveVerification.maximumFindings {
      report.findings.append(finding)
    } else {
      report.omitted += 1
    }
  }

  func remark(_ finding: ArchiveFinding) {
    if report.remarks.count < ArchiveVerification.maximumFindings {
      report.remarks.append(finding)
    } else {
      report.omitted += 1
    }
  }

  /// Adds a finding about a recording, unless it changes just now.
  func find(_ kind: ArchiveFinding.Kind, _ id: String, file: String? = nil, line: Int? = nil, _ detail: String) async {
    guard await isSteady(id), await !hasChanged(id) else { return }
    find(ArchiveFinding(kind, detail, recording: id, file: file, line: line))
  }

  func isSteady(_ id: String) async -> Bool { await !archive.isBusy(id) }

  /// Whether the ledger has got a line about it since.
  private func hasChanged(_ id: String) async -> Bool {
    guard await archive.head != head, let end = LedgerFile(root: root, onlyEnd: true) else { return false }
    return end.lines.contains { $0.map { $0.number > head.number && $0.id == id } ?? false }
  }

  func count(lines: Int) { report.lines += lines }

  func countFile(octets: Int64) {
    report.files += 1
    report.octets += octets
  }

  func note(_ head: LedgerHead) {
    self.head = head
    report.head = head
  }
}

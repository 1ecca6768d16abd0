import Application
import Conference
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Whatever is done to an archive behind the server's back is found, and it is said to what.
@Suite struct VerificationTests {
  private let files = FileManager.default

  @Test func anArchiveThatNobodyTouchedIsClean() async throws {
    let archive = try await SealedArchive(3)
    let report = await archive.examined()
    #expect(report.isClean && report.remarks.isEmpty)
    #expect(report.lines == 3 && report.recordings == 3 && report.files == 3 && report.octets > 0)
    #expect(report.head?.number == 3)
    #expect(report.started != nil && report.ended != nil)
  }

  @Test func everySealCarriesTheHashOfTheOneBefore() async throws {
    let archive = try await SealedArchive(3)
    let seals = try archive.plans.map { try #require(archive.bench.disk.description($0.directory)?.seal) }
    #expect(seals.map(\.number) == [1, 2, 3])
    #expect(seals[0].previous == LedgerLine.beginning)
    #expect(seals[1].previous == seals[0].hash && seals[2].previous == seals[1].hash)
    #expect(Set(seals.map(\.hash)).count == 3)
  }

  @Test func whatMayChangeChangesNoSeal() async throws {
    let archive = try await SealedArchive(2)
    await archive.bench.archive.measured(LegStatistics(leg: LegID(1)))
    _ = try await archive.bench.archive.annotate(
      archive.id(0), RecordingAnnotation(tags: ["complaint"], legalHold: true, reason: "court"), by: "test")
    #expect(await archive.findings().isEmpty)
    #expect(try archive.lines.count == 3)
  }

  // MARK: Files and recordings

  @Test func aFileThatWasChanged() async throws {
    let archive = try await SealedArchive(3)
    let path = archive.path(archive.plans[1], "mix.wav")
    var data = try Data(contentsOf: URL(filePath: path))
    data[3] ^= 1
    try data.write(to: URL(filePath: path))
    #expect(await archive.findings() == ["fileAltered 1"])
  }

  @Test func aFileThatWasCut() async throws {
    let archive = try await SealedArchive(1)
    try Data("the".utf8).write(to: URL(filePath: archive.path(archive.plans[0], "mix.wav")))
    #expect(await archive.findings() == ["fileAltered 0"])
  }

  @Test func aFileThatIsGoneOrMore() async throws {
    let archive = try await SealedArchive(2)
    try files.removeItem(atPath: archive.path(archive.plans[0], "mix.wav"))
    try Data("x".utf8).write(to: URL(filePath: archive.path(archive.plans[1], "2.wav")))
    try Data("x".utf8).write(to: URL(filePath: archive.path(archive.plans[1], "peaks.json")))
    #expect(await archive.findings() == ["fileMissing 0", "fileUnknown 1"])
  }

  @Test func aRecordingThatIsGone() async throws {
    let archive = try await SealedArchive(3)
    try files.removeItem(atPath: "\(archive.bench.disk.root)/\(archive.plans[1].directory)")
    #expect(await archive.findings() == ["recordingMissing 1"])
  }

  @Test func filesThatChangedPlaces() async throws {
    let archive = try await SealedArchive(2)
    let paths = archive.plans.map { archive.path($0, "mix.wav") }
    try files.moveItem(atPath: paths[0], toPath: paths[0] + "x")
    try files.moveItem(atPath: paths[1], toPath: paths[0])
    try files.moveItem(atPath: paths[0] + "x", toPath: paths[1])
    #expect(await archive.findings() == ["fileAltered 0", "fileAltered 1"])
  }

  @Test func directoriesThatChangedPlaces() async throws {
    let archive = try await SealedArchive(2)
    let root = archive.bench.disk.root
    try files.moveItem(atPath: "\(root)/\(archive.plans[0].directory)", toPath: "\(root)/x")
    try files.moveItem(
      atPath: "\(root)/\(archive.plans[1].directory)", toPath: "\(root)/\(archive.plans[0].directory)")
    try files.moveItem(atPath: "\(root)/x", toPath: "\(root)/\(archive.plans[1].directory)")
    let found = await archive.findings()
    #expect(found.contains("recordingAltered 0") && found.contains("recordingAltered 1"))
  }

  @Test func aRecordingOfAnotherDay() async throws {
    let archive = try await SealedArchive(1)
    let root = archive.bench.disk.root
    try files.createDirectory(atPath: "\(root)/2025/01/01", withIntermediateDirectories: true)
    try files.moveItem(
      atPath: "\(root)/\(archive.plans[0].directory)", toPath: "\(root)/2025/01/01/\(archive.id(0))")
    #expect(await archive.findings() == ["recordingMissing 0", "recordingMoved 0"])
  }

  @Test(
    arguments: [
      { $0.room = "other" }, { $0.started = "2026-11-24T13:00:00.000Z" }, { $0.ended = nil }, { $0.duration += 0.001 },
      { $0.parties = [] }, { $0.context["order"] = "4712" }, { $0.state = .recovered }, { $0.files[0].duration = 9 },
      { $0.pauses = [RecordingInterval(from: 0, to: 1)] }, { $0.markers = [] }, { $0.seal?.number += 1 },
      { $0.seal?.hash = "00" }, { $0.seal = nil }, { $0.legalHold = true },
      {
        $0.notices = [RecordingNotice(party: "sip:a@x", prompt: "recording-notice", language: "en", heard: "now")]
      },
    ] as [@Sendable (inout RecordingDescription) -> Void])
  func aFactThatWasChanged(_ change: @Sendable (inout RecordingDescription) -> Void) async throws {
    let archive = try await SealedArchive(3)
    try archive.change(1, change)
    let found = await archive.findings().filter { !$0.hasPrefix("lineMissing") }
    // The index tells on it too.
    #expect(Set(found) == ["recordingAltered 1", "indexDiffers 1"] || found == ["recordingAltered 1"])
  }

  @Test func aFileAndItsSumInTheDescription() async throws {
    let archive = try await SealedArchive(2)
    try Data("forged".utf8).write(to: URL(filePath: archive.path(archive.plans[0], "mix.wav")))
    let sum = try await archive.bench.disk.digest(of: "mix.wav", in: archive.plans[0].directory)
    try archive.change(0) { recording in
      recording.files[0].octets = sum.octets
      recording.files[0].sha256 = sum.sha256
    }
    #expect(await archive.findings() == ["indexDiffers 0", "recordingAltered 0"])
  }

  @Test func aRecordingThatIsNotOurs() async throws {
    let archive = try await SealedArchive(1)
    try archive.bench.disk.put(ReconciliationTests.description("strange", .finished), in: "2026/11/24/strange")
    #expect(await archive.findings() == ["recordingUnknown strange"])
  }

  // MARK: The index

  @Test func aRowThatIsGoneOrTellsSomethingElse() async throws {
    let archive = try await SealedArchive(3)
    await archive.bench.store.delete(archive.id(0))
    var entry = try #require(await archive.bench.store.recording(archive.id(1)))
    entry.recording.context["order"] = "1"
    await archive.bench.store.put(entry)
    #expect(await archive.findings() == ["indexDiffers 1", "indexMissing 0"])
  }

  @Test func theLastRecordingTogetherWithItsLineIsMissedByTheIndex() async throws {
    let archive = try await SealedArchive(3)
    try archive.writeLedger(archive.lines.dropLast())
    try files.removeItem(atPath: "\(archive.bench.disk.root)/\(archive.plans[2].directory)")
    #expect(await archive.findings() == ["recordingMissing 2"])
  }

  // MARK: The ledger

  @Test(arguments: 0..<4) func aLineThatIsGone(_ index: Int) async throws {
    let archive = try await SealedArchive(4)
    var lines = try archive.lines
    lines.remove(at: index)
    try archive.writeLedger(lines)
    #expect(await archive.findings() == ["lineMissing \(index)"])
  }

  @Test(arguments: 0..<3) func aLineThatWasChanged(_ index: Int) async throws {
    let archive = try await SealedArchive(3)
    var lines = try archive.lines
    lines[index] = lines[index].replacing("2026-11-24T12", with: "2026-11-24T11")
    try archive.writeLedger(lines)
    #expect(await archive.findings() == ["lineAltered \(index)"])
  }

  @Test(arguments: ["", "x", "{}", "null"]) func aLineThatIsNone(_ text: String) async throws {
    let archive = try await SealedArchive(3)
    var lines = try archive.lines
    lines[1] = text
    try archive.writeLedger(lines)
    #expect(await archive.findings() == ["lineAltered 1"])
  }

  @Test func aLineThatWasChangedWithANewHash() async throws {
    let archive = try await SealedArchive(3)
    var lines = try archive.lines
    let entry = LedgerEntry(
      .closed, id: archive.id(1), at: "2026-11-24T11:00:00.000Z", directory: archive.plans[1].directory,
      facts: String(repeating: "0", count: 64))
    let first = try JSONDecoder().decode(LedgerLine.self, from: Data(lines[0].utf8))
    lines[1] = try line(LedgerLine(entry, number: 2, previous: first.hash))
    try archive.writeLedger(lines)
    let found = await archive.findings()
    #expect(found.contains("lineAltered 1") && found.contains("recordingAltered 1"))
    #expect(!found.contains { $0.hasSuffix(" 0") || $0.hasSuffix(" 2") })
  }

  private func line(_ line: LedgerLine) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(line), as: UTF8.self)
  }

  @Test func linesInAnotherOrder() async throws {
    let archive = try await SealedArchive(4)
    var lines = try archive.lines
    lines.swapAt(1, 2)
    try archive.writeLedger(lines)
    #expect(await archive.findings() == ["lineMoved 1"])
  }

  @Test func aLineTwice() async throws {
    let archive = try await SealedArchive(2)
    let lines = try archive.lines
    try archive.writeLedger(lines + [lines[0]])
    #expect(await archive.findings() == ["lineMoved 0"])
  }

  @Test func theWholeLedger() async throws {
    let archive = try await SealedArchive(2)
    try archive.writeLedger([])
    #expect(await archive.findings() == ["lineMissing 0", "lineMissing 1"])
  }

  /// Whoever can write everything can make a whole new chain; not one that has the end that was noted before.
  @Test func aWholeNewChainHasNotTheEndThatWasNoted() async throws {
    let archive = try await SealedArchive(2)
    let noted = try #require(await archive.examined().head)
    #expect(await archive.findings(head: noted).isEmpty)
    let other = try await SealedArchive(3)
    #expect(await other.findings(head: noted) == ["headDiffers"])
    #expect(await other.findings(head: .beginning).isEmpty)
  }

  // MARK: What is right

  @Test func aDeletionIsALineAndNoFinding() async throws {
    var archive = try await SealedArchive(3)
    try await archive.bench.archive.delete(archive.id(1), by: "somebody", reason: "asked for")
    try await archive.record()
    let report = await archive.examined()
    #expect(report.isClean && report.lines == 5 && report.recordings == 3)
    #expect(try archive.lines[3].contains("\"by\":\"somebody\",") && archive.lines[3].contains("asked for"))
  }

  @Test func aDeletedRecordingThatIsBack() async throws {
    let archive = try await SealedArchive(2)
    let path = "\(archive.bench.disk.root)/\(archive.plans[0].directory)"
    try files.copyItem(atPath: path, toPath: archive.bench.disk.root + "/copy")
    try await archive.bench.archive.delete(archive.id(0), by: "test")
    try files.moveItem(atPath: archive.bench.disk.root + "/copy", toPath: path)
    #expect(await archive.findings() == ["deletionUndone 0"])
  }

  @Test func recordingsThatAreBeingMadeAreLeftAlone() async throws {
    let archive = try await SealedArchive(1)
    let plan = await archive.bench.plan()
    await archive.bench.archive.started(plan.id)
    #expect(await archive.findings().isEmpty)
  }

  // MARK: Starts

  @Test func aStartGoesOnWithTheChain() async throws {
    let archive = try await SealedArchive(2)
    let again = archive.restarted()
    try archive.bench.disk.put(ReconciliationTests.description("cut", .recording), in: "2026/11/24/cut")
    await again.recovered(directory: "2026/11/24/cut", files: [])
    let seal = try #require(archive.bench.disk.description("2026/11/24/cut")?.seal)
    let last = try #require(archive.bench.disk.description(archive.plans[1].directory)?.seal)
    #expect(seal.number == 3 && seal.previous == last.hash)
    await again.verify()
    #expect(await again.verified().isClean)
  }

  @Test func whatAPowerCutLeftOfALineIsOverwritten() async throws {
    let archive = try await SealedArchive(2)
    let path = URL(filePath: "\(archive.bench.disk.root)/ledger.jsonl")
    let whole = try Data(contentsOf: path)
    try (whole + whole.prefix(60)).write(to: path)
    let again = archive.restarted()
    try await again.delete(archive.id(0), by: "test")
    let lines = try archive.lines
    #expect(lines.count == 3 && lines[2].contains("deleted"))
    await again.verify()
    #expect(await again.verified().isClean)
  }

  @Test func aDeletionThatACrashBrokeOffIsFinished() async throws {
    let archive = try await SealedArchive(2)
    let path = "\(archive.bench.disk.root)/\(archive.plans[0].directory)"
    try files.copyItem(atPath: path, toPath: archive.bench.disk.root + "/copy")
    let entry = try #require(await archive.bench.store.recording(archive.id(0)))
    try await archive.bench.archive.delete(archive.id(0), by: "test")
    try files.moveItem(atPath: archive.bench.disk.root + "/copy", toPath: path)
    await archive.bench.store.put(entry)
    await archive.restarted().reconcile { _ in [] }
    #expect(!files.fileExists(atPath: path))
    #expect(await archive.findings().isEmpty)
  }

  @Test func ofADeletionThatWasHalfDoneNothingIsFoundAgain() async throws {
    let archive = try await SealedArchive(2)
    let plan = archive.plans[0]
    let entry = try #require(await archive.bench.store.recording(archive.id(0)))
    try await archive.bench.archive.delete(archive.id(0), by: "test")
    try archive.bench.disk.makeDirectory(plan.directory)
    try Data("the".utf8).write(to: URL(filePath: archive.path(plan, "mix.wav")))
    await archive.bench.store.put(entry)
    await archive.restarted().reconcile { _ in [ReconciliationTests.mix] }
    #expect(!files.fileExists(atPath: "\(archive.bench.disk.root)/\(plan.directory)"))
    #expect(await archive.findings().isEmpty)
  }

  /// The line is in the ledger, and what `recording.json` says of it is not yet.
  @Test func aSealThatACrashKeptFromItsFileIsNoFinding() async throws {
    let archive = try await SealedArchive(2)
    try archive.change(1) { $0.seal = nil }
    var row = try #require(await archive.bench.store.recording(archive.id(1)))
    row.recording.state = .recording
    await archive.bench.store.put(row)
    let again = archive.restarted()
    await again.reconcile { _ in [] }
    await again.verify()
    let report = await again.verified()
    #expect(report.isClean && report.remarks.isEmpty && report.recordings == 2)
  }

  @Test func theFactsAreOnDiskBeforeTheirHashIsInTheLedger() async throws {
    let bench = try ArchiveTests.Bench()
    let plan = await bench.plan()
    // The ledger alone is refused.
    try bench.disk.makeDirectory("ledger.jsonl")
    await bench.archive.ended(plan.id, files: [ArchiveTests.file("mix.wav")])
    let entry = try #require(bench.disk.description(plan.directory))
    #expect(entry.state == .finished && entry.seal == nil)
    #expect(await bench.store.entries[plan.id.rawValue]?.recording == entry, "it can be found all the same")
  }

  @Test func withALedgerThatCannotBeReadRecordingsAreKeptWithoutASeal() async throws {
    let archive = try await SealedArchive(1)
    try files.removeItem(atPath: "\(archive.bench.disk.root)/ledger.jsonl")
    try archive.bench.disk.makeDirectory("ledger.jsonl")
    let again = archive.restarted()
    let plan = await again.plan(
      room: "3000", format: .wav, tracks: false, sampleRate: 16_000, parties: [], context: [:])
    await again.ended(plan.id, files: [ArchiveTests.file("mix.wav")])
    #expect(await archive.bench.store.entries[plan.id.rawValue]?.recording.state == .finished)
    #expect(await again.sealOlder() == 0)
    await again.verify()
    #expect(await again.verified().findings.first?.kind == .ledgerMissing)
  }

  /// What a start repairs was never finished before: else somebody wants it to look like a crash.
  @Test func aForgeryThatLooksLikeACrashIsFound() async throws {
    let archive = try await SealedArchive(2)
    try Data("forged".utf8).write(to: URL(filePath: archive.path(archive.plans[0], "mix.wav")))
    try archive.change(0) {
      $0.state = .recording
      $0.seal = nil
    }
    await archive.bench.store.delete(archive.id(0))
    let again = archive.restarted()
    let sum = try await archive.bench.disk.digest(of: "mix.wav", in: archive.plans[0].directory)
    await again.reconcile { _ in
      [
        RecordedFile(
          name: "mix.wav", leg: nil, samples: 16_000, sampleRate: 16_000, octets: sum.octets, sha256: sum.sha256,
          droppedOctets: 0)
      ]
    }
    await again.verify()
    let report = await again.verified()
    #expect(report.findings.map(\.kind) == [.recordingClosedAgain])
    #expect(report.findings.first?.recording == archive.id(0))
  }

  @Test func whatFailedAndWasRepairedLaterIsARemark() async throws {
    let archive = try await SealedArchive(1)
    let plan = await archive.bench.plan()
    await archive.bench.archive.failed(plan.id, reason: "test", ended: true)
    await archive.bench.archive.settle()
    let again = archive.restarted()
    let content = Data("the rest".utf8)
    try content.write(to: URL(filePath: archive.path(plan, "mix.wav")))
    let sum = try await archive.bench.disk.digest(of: "mix.wav", in: plan.directory)
    await again.recovered(
      directory: plan.directory,
      files: [
        RecordedFile(
          name: "mix.wav", leg: nil, samples: 16_000, sampleRate: 16_000, octets: sum.octets, sha256: sum.sha256,
          droppedOctets: 0)
      ])
    await again.verify()
    let report = await again.verified()
    #expect(report.isClean && report.remarks.map(\.kind) == [.recordingClosedAgain])
  }

  /// A start must not give what was forged a seal of its own.
  @Test func aStartSealsNothingThatWasChangedAnew() async throws {
    let archive = try await SealedArchive(2)
    try archive.change(0) { $0.context["order"] = "1" }
    await archive.bench.store.forget()
    let again = archive.restarted()
    await again.reconcile { _ in [] }
    await again.verify()
    #expect(await again.verified().findings.map(\.kind) == [.recordingAltered])
    #expect(try archive.lines.count == 2)
  }
}

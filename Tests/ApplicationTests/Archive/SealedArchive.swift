import Application
import Conference
import Crypto
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// An archive with closed recordings whose files are really there, for somebody to tamper with.
struct SealedArchive {
  let bench: ArchiveTests.Bench
  /// In the order of their lines in the ledger, the first of which has number 1.
  private(set) var plans: [RecordingPlan] = []

  init(_ count: Int) async throws {
    bench = try ArchiveTests.Bench()
    for _ in 0..<count { try await record() }
  }

  mutating func record() async throws {
    let plan = await bench.plan()
    let content = Data("the sound of \(plan.id.rawValue)".utf8)
    try bench.disk.makeDirectory(plan.directory)
    try content.write(to: URL(filePath: path(plan, "mix.wav")))
    bench.time.advance(seconds: 1)
    let sum = SHA256.hash(data: content).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    await bench.archive.ended(
      plan.id,
      files: [
        RecordedFile(
          name: "mix.wav", leg: nil, samples: 16_000, sampleRate: 16_000, octets: Int64(content.count), sha256: sum,
          droppedOctets: 0)
      ])
    plans.append(plan)
  }

  func id(_ index: Int) -> String { plans[index].id.rawValue }
  func path(_ plan: RecordingPlan, _ name: String) -> String { "\(bench.disk.root)/\(plan.directory)/\(name)" }

  private var ledgerPath: URL { URL(filePath: "\(bench.disk.root)/ledger.jsonl") }

  var lines: [String] {
    get throws {
      try String(contentsOf: ledgerPath, encoding: .utf8).split(separator: "\n").map(String.init)
    }
  }

  func writeLedger(_ lines: [String]) throws {
    try Data(lines.map { $0 + "\n" }.joined().utf8).write(to: ledgerPath)
  }

  func change(_ index: Int, _ change: (inout RecordingDescription) -> Void) throws {
    var description = try #require(bench.disk.description(plans[index].directory))
    change(&description)
    try bench.disk.put(description, in: plans[index].directory)
  }

  /// The same root, opened by a server that starts now.
  func restarted() -> Archive {
    Archive(
      root: bench.disk.root, store: bench.store, disk: bench.disk, clock: bench.time, logger: ArchiveTests.quiet,
      retryAfter: .seconds(3_600))
  }

  func examined(head: LedgerHead? = nil) async -> ArchiveVerification {
    await bench.archive.settle()
    await bench.archive.verify(head: head)
    return await bench.archive.verified()
  }

  /// What is found, as `kind of recording N`.
  func findings(head: LedgerHead? = nil) async -> [String] {
    let numbers = Dictionary(plans.enumerated().map { ($0.element.id.rawValue, $0.offset) }) { first, _ in first }
    return await examined(head: head).findings.map { finding in
      finding.kind.rawValue + (finding.recording.map { " \(numbers[$0].map(String.init) ?? $0)" } ?? "")
    }.sorted()
  }
}

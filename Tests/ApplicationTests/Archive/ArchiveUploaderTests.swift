import Conference
import Primitives
import Synchronization
import Testing

@testable import Application

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Copying recordings to an object store that answers as the test wants.
@Suite struct ArchiveUploaderTests {
  /// An object store in memory.
  private final class Store: UploadCarrier {
    private struct State {
      var objects: [String: (octets: [UInt8], fields: [String: String])] = [:]
      var order: [String] = []
      var answer = WebhookOutcome.answered(status: 200)
      var refused = ""
    }
    private let state = Mutex(State())

    func put(
      _ path: String, octets: Int64, to endpoint: WebhookAddress, target: String,
      fields: [(name: String, value: String)]
    ) async -> WebhookOutcome {
      state.withLock { state in
        if !state.refused.isEmpty, target.contains(state.refused) { return .answered(status: 400) }
        guard case .answered(200) = state.answer else { return state.answer }
        let content = FileManager.default.contents(atPath: path) ?? Data()
        state.objects[target] = ([UInt8](content), Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) }))
        state.order.append(target)
        return state.answer
      }
    }

    func answer(_ outcome: WebhookOutcome) { state.withLock { $0.answer = outcome } }
    /// What has this in its name is never taken.
    func refuse(_ text: String) { state.withLock { $0.refused = text } }
    var order: [String] { state.withLock(\.order) }
    func octets(_ target: String) -> [UInt8]? { state.withLock { $0.objects[target]?.octets } }
    func field(_ name: String, of target: String) -> String? { state.withLock { $0.objects[target]?.fields[name] } }
  }

  /// An archive of so many closed recordings, and their plans.
  private func archive(_ count: Int) async throws -> (bench: ArchiveTests.Bench, plans: [RecordingPlan]) {
    let bench = try ArchiveTests.Bench()
    var plans: [RecordingPlan] = []
    for number in 0..<count {
      let plan = await bench.plan()
      try bench.disk.makeDirectory(plan.directory)
      try Data("sound \(number)".utf8).write(to: URL(filePath: "\(bench.disk.root)/\(plan.directory)/mix.wav"))
      await bench.archive.ended(plan.id, files: [ArchiveTests.file("mix.wav")])
      plans.append(plan)
    }
    return (bench, plans.sorted { $0.id.rawValue < $1.id.rawValue })
  }

  private func uploader(_ bench: ArchiveTests.Bench, _ store: Store, deletesLocal: Bool = false) throws
    -> ArchiveUploader
  {
    let endpoint = try #require(WebhookAddress("https://store.example"))
    return ArchiveUploader(
      place: ObjectPlace(
        endpoint: endpoint, bucket: "calls", region: "eu-1", prefix: "a/", accessKey: "K", secret: Redacted("S")),
      deletesLocal: deletesLocal, archive: bench.archive, store: bench.store, carrier: store, logger: ArchiveTests.quiet
    )
  }

  @Test func closedRecordingsGoWithTheirDescriptionLast() async throws {
    let (bench, plans) = try await archive(2)
    let open = await bench.plan()
    await bench.archive.started(open.id)
    await bench.archive.settle()
    let store = Store()
    let uploader = try uploader(bench, store)
    await uploader.uploadAll()
    #expect(
      store.order == plans.flatMap { plan in ["mix.wav", "recording.json"].map { "/calls/a/\(plan.directory)/\($0)" } })
    let target = "/calls/a/\(plans[0].directory)/mix.wav"
    let sound = try #require(FileManager.default.contents(atPath: "\(bench.disk.root)/\(plans[0].directory)/mix.wav"))
    #expect(store.octets(target) == [UInt8](sound))
    #expect(store.field("host", of: target) == "store.example")
    let sum = try await bench.disk.digest(of: "mix.wav", in: plans[0].directory).sha256
    #expect(store.field("x-amz-content-sha256", of: target) == sum)
    #expect(store.field("authorization", of: target)?.contains("/eu-1/s3/aws4_request,SignedHeaders=host;") == true)
    await uploader.uploadAll()
    #expect(store.order.count == 4, "nothing goes twice")
    #expect(await bench.store.entries.count == 3)
  }

  @Test func anOutageIsTriedAgainWithGrowingPauses() async throws {
    let (bench, _) = try await archive(2)
    let store = Store()
    let uploader = try uploader(bench, store)
    for outcome in [WebhookOutcome.failed("no connection"), .answered(status: 503), .answered(status: 403)] {
      store.answer(outcome)
      await uploader.uploadAll()
    }
    #expect(await uploader.failures == 3)
    #expect(store.order.isEmpty)
    #expect(await bench.store.uploaded.isEmpty)
    store.answer(.answered(status: 200))
    while await bench.store.uploaded.count < 2, await uploader.failures < 10 { await uploader.uploadAll() }
    await uploader.uploadAll()
    #expect(await uploader.failures == 0)
    #expect(store.order.count == 4)
    #expect((0...4).map { ArchiveUploader.pause(after: $0) } == [5, 1, 2, 4, 8].map { .seconds($0) })
    #expect(ArchiveUploader.pause(after: 1_000) == .seconds(300))
  }

  @Test func oneThatIsNeverTakenHoldsUpNoOther() async throws {
    let (bench, plans) = try await archive(3)
    let store = Store()
    store.refuse(plans[0].id.rawValue)
    let uploader = try uploader(bench, store)
    for _ in 0..<3 { await uploader.uploadAll() }
    #expect(await bench.store.uploaded == plans.dropFirst().map(\.id.rawValue))
    #expect(await uploader.failures > 0)
  }

  @Test func whatIsThereGoesFromHereUnlessItIsHeld() async throws {
    let (bench, plans) = try await archive(2)
    let held = plans[1].id.rawValue
    _ = try await bench.archive.annotate(held, RecordingAnnotation(legalHold: true, reason: "court"), by: "test")
    await bench.archive.settle()
    let store = Store()
    let uploader = try uploader(bench, store, deletesLocal: true)
    await uploader.uploadAll()
    #expect(store.order.count == 4)
    #expect(await bench.store.entries.keys.sorted() == [held])
    #expect(!FileManager.default.fileExists(atPath: "\(bench.disk.root)/\(plans[0].directory)"))
    #expect(FileManager.default.fileExists(atPath: "\(bench.disk.root)/\(plans[1].directory)/mix.wav"))
    let ledger = try #require(FileManager.default.contents(atPath: "\(bench.disk.root)/ledger.jsonl"))
    #expect(String(decoding: ledger, as: UTF8.self).contains("copied to store.example/calls/a/\(plans[0].directory)"))
  }

  @Test func aFileThatIsGoneIsNoReasonToStop() async throws {
    let (bench, plans) = try await archive(2)
    try FileManager.default.removeItem(atPath: "\(bench.disk.root)/\(plans[0].directory)/mix.wav")
    let store = Store()
    let uploader = try uploader(bench, store)
    for _ in 0..<2 { await uploader.uploadAll() }
    #expect(await bench.store.uploaded == [plans[1].id.rawValue])
  }

  @Test(arguments: [
    ("calls", true), ("my.calls-1", true), ("ab", false), ("Calls", false), ("a/b", false), ("a_b", false), ("", false),
  ])
  func namesOfBuckets(_ text: String, _ isOne: Bool) { #expect(ObjectPlace.isBucket(text) == isOne) }
}

import Application
import Storage
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct RecordingIndexTests {
  private func index() throws -> RecordingIndex {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return try RecordingIndex(path: folder.appending(path: "index.sqlite").path)
  }

  private func recording(_ id: String, room: String = "3000", hour: Int = 0, order: String? = nil)
    -> RecordingDescription
  {
    RecordingDescription(
      id: id, room: room, state: .finished, started: "2026-01-01T\(hour < 10 ? "0" : "")\(hour):00:00.000Z",
      duration: 1, files: [], parties: ["sip:a@example.com"], pauses: [],
      context: order.map { ["order": $0] } ?? [:])
  }

  @Test func whatIsSavedIsFoundByIdRoomAndContext() async throws {
    let index = try index()
    try await index.save(recording("a", order: "4711"), directory: "2026/01/01/a")
    try await index.save(recording("b", room: "support", hour: 1), directory: "2026/01/01/b")
    #expect(try await index.recording("a")?.directory == "2026/01/01/a")
    #expect(try await index.recording("c") == nil)
    #expect(try await index.recordings(RecordingQuery(room: "support")).items.map(\.id) == ["b"])
    let byOrder = try await index.recordings(RecordingQuery(contextKey: "order", contextValue: "4711"))
    #expect(byOrder.items.map(\.id) == ["a"])
  }

  @Test func savingAgainReplaces() async throws {
    let index = try index()
    var entry = recording("a", order: "1")
    try await index.save(entry, directory: "x")
    entry.state = .recovered
    entry.context = ["order": "2"]
    try await index.save(entry, directory: "x")
    #expect(try await index.recordings(RecordingQuery()).items == [entry])
    #expect(try await index.recordings(RecordingQuery(contextKey: "order", contextValue: "1")).items.isEmpty)
  }

  @Test func pagesFollowEachOtherWithoutGapOrRepeat() async throws {
    let index = try index()
    for hour in 0..<20 { try await index.save(recording("r\(hour)", hour: hour % 7), directory: "d") }
    var seen: [String] = []
    var cursor: String?
    repeat {
      let page = try await index.recordings(RecordingQuery(cursor: cursor, limit: 6))
      seen += page.items.map(\.id)
      cursor = page.next
    } while cursor != nil
    #expect(seen.count == 20)
    #expect(Set(seen).count == 20)
  }

  @Test func textFromCallersIsOnlyEverAValue() async throws {
    let index = try index()
    let evil = "'; DROP TABLE recording; --"
    try await index.save(recording("a", room: evil, order: evil), directory: "d")
    #expect(try await index.recordings(RecordingQuery(room: evil)).items.count == 1)
    #expect(try await index.recordings(RecordingQuery(cursor: evil)).items.count == 1)
  }

  @Test func whatIsDeletedIsGone() async throws {
    let index = try index()
    try await index.save(recording("a", order: "1"), directory: "d")
    try await index.delete("a")
    #expect(try await index.recordings(RecordingQuery()).items.isEmpty)
  }
}

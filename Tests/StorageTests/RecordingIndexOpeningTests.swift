import Application
import GRDB
import Storage
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct RecordingIndexOpeningTests {
  private let folder: URL
  private var path: String { folder.appending(path: "index.sqlite").path }

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  private static let recording = RecordingDescription(
    id: "a", room: "3000", state: .finished, started: "2026-01-01T00:00:00.000Z", duration: 1, files: [], parties: [],
    pauses: [], context: [:])

  /// An index with some pages, closed.
  private func fill() async throws {
    let index = try RecordingIndex(path: path)
    for number in 0..<200 {
      var entry = Self.recording
      entry.id = "r\(number)"
      entry.context = ["order": String(repeating: "x", count: 200)]
      try await index.save(entry, directory: "2026/01/01/r\(number)")
    }
  }

  private var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()) ?? [] }

  @Test func aSoundIndexIsOpenedAsItIs() async throws {
    try await fill()
    let opened = try RecordingIndex.open(path: path)
    #expect(opened.setAside == nil)
    #expect(try await opened.index.identifiers().count == 200)
  }

  @Test(arguments: ["no database at all", ""])
  func whatIsNoIndexIsSetAsideAndAnEmptyOneMade(text: String) async throws {
    try Data((text + text).utf8).write(to: URL(filePath: path))
    let opened = try RecordingIndex.open(path: path)
    // An empty file is an empty database.
    #expect(opened.setAside == (text.isEmpty ? nil : path + ".damaged"))
    #expect(try await opened.index.identifiers().isEmpty)
    try await opened.index.save(Self.recording, directory: "d")
    #expect(try await opened.index.recording("a") != nil)
  }

  @Test func aDamagedPageIsFoundAndTheIndexSetAside() async throws {
    try await fill()
    // A checkpoint into the file itself, so that its pages are the ones that count.
    try await DatabaseQueue(path: path).writeWithoutTransaction {
      try $0.execute(sql: "PRAGMA wal_checkpoint(TRUNCATE)")
    }
    var bytes = try Data(contentsOf: URL(filePath: path))
    #expect(bytes.count > 40_960)
    for index in 4_096..<40_960 { bytes[index] = UInt8(truncatingIfNeeded: index &* 31) }
    try bytes.write(to: URL(filePath: path))
    let opened = try RecordingIndex.open(path: path)
    #expect(opened.setAside == path + ".damaged")
    #expect(try await opened.index.identifiers().isEmpty)
    #expect(names.contains("index.sqlite.damaged"))
  }

  @Test func aFormerDamagedIndexIsKeptWhenAnotherComes() throws {
    for number in 1...3 {
      try Data("nonsense \(number), nonsense, nonsense".utf8).write(to: URL(filePath: path))
      #expect(try RecordingIndex.open(path: path).setAside == path + ".damaged" + (number == 1 ? "" : "-\(number)"))
    }
    #expect(try Data(contentsOf: URL(filePath: path + ".damaged")).starts(with: Data("nonsense 1".utf8)))
  }

  @Test func theIndexOfAnotherProgramIsSetAside() async throws {
    try await DatabaseQueue(path: path).write { try $0.execute(sql: "CREATE TABLE recording (x TEXT)") }
    let opened = try RecordingIndex.open(path: path)
    #expect(opened.setAside == path + ".damaged")
    try await opened.index.save(Self.recording, directory: "d")
  }

  @Test func whatStandsInTheWayOfAnyIndexIsTold() throws {
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(throws: (any Error).self) { try RecordingIndex.open(path: path) }
    #expect(names == ["index.sqlite"])
  }

  /// As the first version made it.
  @Test func anOlderIndexIsBroughtUpToDate() async throws {
    try await DatabaseQueue(path: path).write { database in
      try database.execute(
        sql: """
          CREATE TABLE grdb_migrations (identifier TEXT NOT NULL PRIMARY KEY);
          INSERT INTO grdb_migrations VALUES ('recordings');
          CREATE TABLE recording (id TEXT PRIMARY KEY NOT NULL, directory TEXT NOT NULL, room TEXT NOT NULL,
            started TEXT NOT NULL, state TEXT NOT NULL, description TEXT NOT NULL);
          CREATE INDEX recording_on_room ON recording (room);
          CREATE TABLE context (recording TEXT NOT NULL REFERENCES recording (id) ON DELETE CASCADE, key TEXT NOT NULL,
            value TEXT NOT NULL, PRIMARY KEY (recording, key));
          """)
      let json = """
        {"id":"a","room":"3000","state":"finished","started":"2026-01-01T00:00:00.000Z","duration":1.5,
         "parties":["sip:x@y"],"pauses":[],"context":{"order":"4711"},"files":[]}
        """
      try database.execute(
        sql: "INSERT INTO recording VALUES ('a', '2026/01/01/a', '3000', '2026-01-01T00:00:00.000Z', 'finished', ?)",
        arguments: [json])
      try database.execute(sql: "INSERT INTO context VALUES ('a', 'order', '4711')")
    }
    let opened = try RecordingIndex.open(path: path)
    #expect(opened.setAside == nil)
    #expect(try await opened.index.recording("a")?.directory == "2026/01/01/a")
    let query = RecordingQuery(context: ["order": "4711"], agent: "x", minimumDuration: 1, text: "3000")
    #expect(try await opened.index.recordings(query).items.map(\.id) == ["a"])
  }

  @Test func anOlderEntryReadsWithWhatItLacksEmpty() throws {
    let json = """
      {"id":"a","room":"3000","state":"finished","started":"2026-01-01T00:00:00.000Z","duration":1.5,"parties":["x"],
       "pauses":[],"context":{},"files":[{"name":"mix.wav","octets":10,"sha256":"00","duration":1.5}]}
      """
    let entry = try JSONDecoder().decode(RecordingDescription.self, from: Data(json.utf8))
    #expect(entry.masks.isEmpty && entry.notices.isEmpty && entry.quality.isEmpty && entry.tracks.isEmpty)
    #expect(entry.files.first?.droppedOctets == 0)
    #expect(try JSONDecoder().decode(RecordingDescription.self, from: JSONEncoder().encode(entry)) == entry)
  }
}

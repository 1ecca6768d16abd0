import Application
import Storage
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

@Suite struct AccessLogTests {
  private func access(
    _ recording: String, _ minute: Int, file: String = "mix.wav", kind: RecordingAccess.Kind = .listened,
    by person: String = "local"
  ) -> RecordingAccess {
    let time = "2026-01-01T00:\(minute < 10 ? "0" : "")\(minute):00.000Z"
    return RecordingAccess(recording: recording, file: file, kind: kind, by: person, at: time, last: time)
  }

  @Test func everyAccessIsARowTheLatestFirst() async throws {
    let log = try AccessLog(path: Samples.path("accesses.sqlite"))
    let all = [
      access("a", 1), access("a", 1, by: "token 00"), access("a", 2, kind: .downloaded), access("a", 3, file: "1.wav"),
      access("b", 3),
    ]
    for access in all { try await log.note(access) }
    #expect(try await log.accesses(of: "a", limit: 10) == all.dropLast().reversed())
    #expect(try await log.accesses(of: "a", limit: 1).map(\.file) == ["1.wav"])
    #expect(try await log.accesses(of: "c", limit: 10).isEmpty)
  }

  @Test func aDamagedLogIsSetAsideAndAnotherOneBegins() async throws {
    let path = try Samples.path("accesses.sqlite")
    #expect(try AccessLog.open(path: path).setAside == nil)
    for suffix in ["-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    try Data("This is no database. And it is long.".utf8).write(to: URL(filePath: path))
    let opened = try AccessLog.open(path: path)
    #expect(opened.setAside == path + ".damaged")
    try await opened.log.note(access("a", 1))
    #expect(try await opened.log.accesses(of: "a", limit: 10).count == 1)
  }

  @Test func thePiecesThatAPlayerAsksForAreOneAccess() async throws {
    let path = try Samples.path("accesses.sqlite")
    let log = try AccessLog(path: path)
    for minute in [1, 2, 9, 19, 30] { try await log.note(access("a", minute)) }
    let rows = try await AccessLog(path: path).accesses(of: "a", limit: 10)
    #expect(rows.map(\.requests) == [1, 4])
    #expect(rows.last?.at == access("a", 1).at && rows.last?.last == access("a", 19).at)
  }
}

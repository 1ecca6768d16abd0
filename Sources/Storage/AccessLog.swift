import Application
import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The access log in a database of its own, SQLite with WAL: the index beside it can be rebuilt from the files, this
/// cannot.
package struct AccessLog: AccessStore {
  /// Rows that are kept; the oldest go first.
  static let maximumRows = 1_000_000
  /// Seconds after which the same person's next request is another access.
  static let pause = 600.0

  private let database: DatabasePool

  /// Opens or makes the database at `path`; throws what SQLite says if it cannot.
  package init(path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA busy_timeout = 5000")
    }
    database = try DatabasePool(path: path, configuration: configuration)
    var migrator = DatabaseMigrator()
    migrator.registerMigration("accesses") { database in
      try database.execute(
        sql: """
          CREATE TABLE access (
            number INTEGER PRIMARY KEY AUTOINCREMENT, recording TEXT NOT NULL, file TEXT NOT NULL, kind TEXT NOT NULL,
            person TEXT NOT NULL, first TEXT NOT NULL, last TEXT NOT NULL, requests INTEGER NOT NULL);
          CREATE INDEX accessByRecording ON access (recording, number);
          """)
    }
    try migrator.migrate(database)
    try DamagedDatabase.check(database)
  }

  /// Opens the log at `path`, or begins an empty one in the place of one that is damaged. Returns also where the former
  /// one was put, if it was: it holds what can be saved of it.
  package static func open(path: String) throws -> (log: AccessLog, setAside: String?) {
    let (log, place) = try DamagedDatabase.replaced(at: path, open: AccessLog.init)
    return (log, place)
  }

  package func note(_ access: RecordingAccess) async throws {
    let earliest = Self.earliest(before: access.last)
    try await database.write { database in
      try database.execute(
        sql: """
          UPDATE access SET last = ?, requests = requests + 1 WHERE number = (
            SELECT number FROM access WHERE recording = ? AND file = ? AND kind = ? AND person = ? AND last >= ?
            ORDER BY number DESC LIMIT 1)
          """,
        arguments: [access.last, access.recording, access.file, access.kind.rawValue, access.by, earliest])
      guard database.changesCount == 0 else { return }
      try database.execute(
        sql: """
          INSERT INTO access (recording, file, kind, person, first, last, requests) VALUES (?, ?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          access.recording, access.file, access.kind.rawValue, access.by, access.at, access.last, access.requests,
        ])
      try database.execute(
        sql: "DELETE FROM access WHERE number <= ?", arguments: [database.lastInsertedRowID - Int64(Self.maximumRows)])
    }
  }

  package func accesses(of recording: String, limit: Int) async throws -> [RecordingAccess] {
    try await database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT * FROM access WHERE recording = ? ORDER BY number DESC LIMIT ?",
        arguments: [recording, limit]
      ).map { row in
        RecordingAccess(
          recording: row["recording"], file: row["file"],
          kind: RecordingAccess.Kind(rawValue: row["kind"]) ?? .listened, by: row["person"], at: row["first"],
          last: row["last"], requests: row["requests"])
      }
    }
  }

  /// RFC 3339, a pause before a time; the time itself if it is none.
  private static func earliest(before time: String) -> String {
    guard let date = try? Date(time, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)) else {
      return time
    }
    return SystemTime.timestamp(date.addingTimeInterval(-pause))
  }
}

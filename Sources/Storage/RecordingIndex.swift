import Application
import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The index of recordings in SQLite: WAL, synchronous FULL, one row a recording with its description as JSON.
package struct RecordingIndex: RecordingStore {
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
    migrator.registerMigration("recordings") { database in
      try database.create(table: "recording") { table in
        table.primaryKey("id", .text)
        table.column("directory", .text).notNull()
        table.column("room", .text).notNull().indexed()
        table.column("started", .text).notNull().indexed()
        table.column("state", .text).notNull()
        table.column("description", .text).notNull()
      }
      try database.create(table: "context") { table in
        table.column("recording", .text).notNull().references("recording", onDelete: .cascade)
        table.column("key", .text).notNull()
        table.column("value", .text).notNull()
        table.primaryKey(["recording", "key"])
      }
      try database.create(index: "contextByValue", on: "context", columns: ["key", "value"])
    }
    try migrator.migrate(database)
    // A damaged page may lie where no query of today looks.
    let verdict = try database.read { try String.fetchOne($0, sql: "PRAGMA quick_check(1)") }
    guard verdict == "ok" else { throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: verdict) }
  }

  package func save(_ recording: RecordingDescription, directory: String) async throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(recording), as: UTF8.self)
    try await database.write { database in
      try database.execute(
        sql: """
          INSERT INTO recording (id, directory, room, started, state, description) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (id) DO UPDATE SET directory = excluded.directory, room = excluded.room,
            started = excluded.started, state = excluded.state, description = excluded.description
          """,
        arguments: [recording.id, directory, recording.room, recording.started, recording.state.rawValue, json])
      try database.execute(sql: "DELETE FROM context WHERE recording = ?", arguments: [recording.id])
      for (key, value) in recording.context {
        try database.execute(
          sql: "INSERT INTO context (recording, key, value) VALUES (?, ?, ?)", arguments: [recording.id, key, value])
      }
    }
  }

  package func recording(_ id: String) async throws -> StoredRecording? {
    let row = try await database.read { database in
      try Row.fetchOne(database, sql: "SELECT directory, description FROM recording WHERE id = ?", arguments: [id])
        .map { (directory: $0["directory"] as String, json: $0["description"] as String) }
    }
    guard let row else { return nil }
    return StoredRecording(recording: try decode(row.json), directory: row.directory)
  }

  package func recordings(_ query: RecordingQuery) async throws -> Page<RecordingDescription> {
    let limit = min(max(query.limit ?? 50, 1), 200)
    var conditions: [String] = []
    var arguments: [any DatabaseValueConvertible] = []
    func require(_ condition: String, _ values: any DatabaseValueConvertible...) {
      conditions.append(condition)
      arguments.append(contentsOf: values)
    }
    if let room = query.room { require("room = ?", room) }
    if let from = query.from { require("started >= ?", from) }
    if let to = query.to { require("started < ?", to) }
    if let key = query.contextKey {
      if let value = query.contextValue {
        require("id IN (SELECT recording FROM context WHERE key = ? AND value = ?)", key, value)
      } else {
        require("id IN (SELECT recording FROM context WHERE key = ?)", key)
      }
    }
    // The cursor is the place after which the page starts: start time and id of the last item seen.
    if let cursor = query.cursor, let bar = cursor.firstIndex(of: "|") {
      require("(started, id) < (?, ?)", String(cursor[..<bar]), String(cursor[cursor.index(after: bar)...]))
    }
    let filter = conditions.isEmpty ? "" : "WHERE " + conditions.joined(separator: " AND ")
    let sql = "SELECT description FROM recording \(filter) ORDER BY started DESC, id DESC LIMIT \(limit + 1)"
    let bound = StatementArguments(arguments.map(\.databaseValue))
    let rows = try await database.read { try String.fetchAll($0, sql: sql, arguments: bound) }
    let items = try rows.prefix(limit).map(decode)
    let next = rows.count > limit ? items.last.map { "\($0.started)|\($0.id)" } : nil
    return Page(items: items, next: next)
  }

  package func delete(_ id: String) async throws {
    _ = try await database.write { try $0.execute(sql: "DELETE FROM recording WHERE id = ?", arguments: [id]) }
  }

  package func identifiers() async throws -> Set<String> {
    try await database.read { try String.fetchSet($0, sql: "SELECT id FROM recording") }
  }

  package func unfinished() async throws -> [StoredRecording] {
    let rows = try await database.read { database in
      try Row.fetchAll(
        database, sql: "SELECT directory, description FROM recording WHERE state IN (?, ?)",
        arguments: [RecordingState.recording.rawValue, RecordingState.paused.rawValue]
      ).map { (directory: $0["directory"] as String, json: $0["description"] as String) }
    }
    return try rows.map { StoredRecording(recording: try decode($0.json), directory: $0.directory) }
  }

  private func decode(_ json: String) throws -> RecordingDescription {
    try JSONDecoder().decode(RecordingDescription.self, from: Data(json.utf8))
  }
}

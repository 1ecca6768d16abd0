import Application
import GRDB

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The index of recordings in SQLite: WAL, synchronous FULL, one row a recording with its description as JSON, and
/// beside it what is searched by.
package struct RecordingIndex: RecordingStore {
  let database: DatabasePool

  /// Opens or makes the database at `path`; throws what SQLite says if it cannot.
  package init(path: String) throws {
    var configuration = Configuration()
    configuration.prepareDatabase { database in
      try database.execute(sql: "PRAGMA synchronous = FULL")
      try database.execute(sql: "PRAGMA busy_timeout = 5000")
    }
    database = try DatabasePool(path: path, configuration: configuration)
    try Self.migrator.migrate(database)
    try DamagedDatabase.check(database)
  }

  package func save(_ entries: [StoredRecording]) async throws {
    let encoded = try entries.map { ($0, try Self.encode($0.recording)) }
    try await database.write { database in
      for (entry, json) in encoded {
        try Self.forgetUpload(before: entry.recording, in: database)
        try Self.put(entry, json: json, in: database)
      }
    }
  }

  package func recording(_ id: String) async throws -> StoredRecording? {
    let row = try await database.read { database in
      try Row.fetchOne(
        database,
        sql: "SELECT directory, json FROM recording JOIN description USING (number) WHERE id = ?", arguments: [id]
      ).map { (directory: $0["directory"] as String, json: $0["json"] as String) }
    }
    guard let row else { return nil }
    return StoredRecording(recording: try Self.decode(row.json), directory: row.directory)
  }

  package func recordings(_ query: RecordingQuery) async throws -> Page<RecordingDescription> {
    let search = RecordingSearch(query)
    let rows = try await database.read { try search.rows(in: $0) }
    let items = try rows.prefix(search.limit).map { try Self.decode($0.json) }
    guard rows.count > search.limit, let last = rows.prefix(search.limit).last else { return Page(items: items) }
    return Page(items: items, next: search.cursor(after: last).text)
  }

  package func delete(_ id: String) async throws {
    try await database.write { try Self.remove(id, from: $0) }
  }

  package func identifiers() async throws -> Set<String> {
    try await database.read { try String.fetchSet($0, sql: "SELECT id FROM recording") }
  }

  package func unfinished() async throws -> [StoredRecording] {
    try await entries(
      where: "state IN (?, ?)", [RecordingState.recording.rawValue, RecordingState.paused.rawValue], limit: -1)
  }

  package func unsealed(limit: Int) async throws -> [StoredRecording] {
    try await entries(where: "seal IS NULL AND \(Self.isClosed)", [], limit: limit)
  }

  package func rooms() async throws -> [String] {
    try await database.read { try String.fetchAll($0, sql: "SELECT DISTINCT room FROM recording ORDER BY room") }
  }

  package func expired(room: String, startedBefore time: String, limit: Int) async throws -> [String] {
    guard let end = RecordingNumber.first(at: time) else { return [] }
    return try await database.read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT id FROM recording WHERE room = ? AND number < ? AND NOT held AND \(Self.isClosed)
          ORDER BY number LIMIT ?
          """, arguments: [room, end, limit])
    }
  }

  static let isClosed = "state NOT IN ('recording', 'paused')"

  /// Entries by a condition of ours, the oldest first; all of them if the limit is negative.
  func entries(where condition: String, _ values: [String], limit: Int) async throws -> [StoredRecording] {
    let rows = try await database.read { database in
      try Row.fetchAll(
        database,
        sql: """
          SELECT directory, json FROM recording JOIN description USING (number) WHERE \(condition)
          ORDER BY number LIMIT \(limit)
          """, arguments: StatementArguments(values)
      ).map { (directory: $0["directory"] as String, json: $0["json"] as String) }
    }
    return try rows.map { StoredRecording(recording: try Self.decode($0.json), directory: $0.directory) }
  }

  /// Without its markers, which would make every list long: they stand in `recording.json`.
  static func encode(_ recording: RecordingDescription) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var recording = recording
    recording.markers = []
    return String(decoding: try encoder.encode(recording), as: UTF8.self)
  }

  static func decode(_ json: String) throws -> RecordingDescription {
    try JSONDecoder().decode(RecordingDescription.self, from: Data(json.utf8))
  }
}

import Application
import GRDB

/// The tables. Each refers to a recording by its number, which grows with its start (`RecordingNumber`).
extension RecordingIndex {
  static var migrator: DatabaseMigrator {
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
    migrator.registerMigration("search") { database in
      try database.drop(table: "context")
      try database.rename(table: "recording", to: "former")
      try createSearchTables(database)
      let former = try Row.fetchCursor(database, sql: "SELECT directory, description FROM former ORDER BY started, id")
      while let row = try former.next() {
        let json: String = row["description"]
        try put(StoredRecording(recording: decode(json), directory: row["directory"]), json: json, in: database)
      }
      try database.drop(table: "former")
    }
    migrator.registerMigration("uploads", migrate: addUploads)
    return migrator
  }

  private static func createSearchTables(_ database: Database) throws {
    // The former table's indices keep their names until it goes.
    try database.execute(
      sql: """
        CREATE TABLE recording (
          number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, directory TEXT NOT NULL, room TEXT NOT NULL,
          duration REAL NOT NULL, state TEXT NOT NULL, seal INTEGER, held BOOLEAN NOT NULL);
        CREATE INDEX recordingByRoom ON recording (room, number);
        CREATE INDEX recordingByDuration ON recording (duration, number);
        CREATE INDEX recordingByState ON recording (state, number);
        CREATE INDEX recordingWithoutSeal ON recording (number) WHERE seal IS NULL;
        CREATE TABLE description (number INTEGER PRIMARY KEY, json TEXT NOT NULL);
        CREATE TABLE context (
          key TEXT NOT NULL, value TEXT NOT NULL, number INTEGER NOT NULL,
          PRIMARY KEY (key, value, number)) WITHOUT ROWID;
        CREATE INDEX contextByNumber ON context (number);
        CREATE TABLE tag (tag TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (tag, number)) WITHOUT ROWID;
        CREATE INDEX tagByNumber ON tag (number);
        CREATE TABLE party (
          user TEXT NOT NULL, number INTEGER NOT NULL, digits TEXT, PRIMARY KEY (user, number)) WITHOUT ROWID;
        CREATE INDEX partyByNumber ON party (number);
        CREATE INDEX partyByDigits ON party (digits, number) WHERE digits IS NOT NULL;
        CREATE VIRTUAL TABLE words USING fts5 (text, tokenize = 'unicode61 remove_diacritics 2', prefix = '1 2 3');
        """)
  }

  /// Writes or replaces an entry and everything that it is found by.
  static func put(_ entry: StoredRecording, json: String, in database: Database) throws {
    let recording = entry.recording
    let bounds = RecordingNumber.bounds(of: recording.started)
    let former = try Int64.fetchOne(
      database, sql: "SELECT number FROM recording WHERE id = ?", arguments: [recording.id])
    let number: Int64
    if let former, bounds.contains(former) {
      number = former
      try removeWords(of: number, from: database)
    } else {
      if former != nil { try remove(recording.id, from: database) }
      number = try freeNumber(in: bounds, database)
    }
    try database.execute(
      sql: """
        INSERT INTO recording (number, id, directory, room, duration, state, seal, held) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (number) DO UPDATE SET directory = excluded.directory, room = excluded.room,
          duration = excluded.duration, state = excluded.state, seal = excluded.seal, held = excluded.held
        """,
      arguments: [
        number, recording.id, entry.directory, recording.room, recording.duration, recording.state.rawValue,
        recording.seal?.number, recording.legalHold,
      ])
    try database.execute(
      sql: "INSERT OR REPLACE INTO description (number, json) VALUES (?, ?)", arguments: [number, json])
    for (key, value) in recording.context {
      try database.execute(
        sql: "INSERT INTO context (key, value, number) VALUES (?, ?, ?)", arguments: [key, value, number])
    }
    for tag in Set(recording.tags) {
      try database.execute(sql: "INSERT INTO tag (tag, number) VALUES (?, ?)", arguments: [tag, number])
    }
    let agents = recording.context["agent"].map { [PartyKeys(agent: $0)] } ?? []
    for party in Set(recording.parties.map { PartyKeys($0) } + agents) {
      try database.execute(
        sql: "INSERT OR IGNORE INTO party (user, number, digits) VALUES (?, ?, ?)",
        arguments: [party.user, number, party.reversedDigits])
    }
    let text =
      [recording.room] + recording.parties + recording.tags + recording.context.values.sorted()
    try database.execute(
      sql: "INSERT INTO words (rowid, text) VALUES (?, ?)", arguments: [number, text.joined(separator: "\n")])
  }

  static func remove(_ id: String, from database: Database) throws {
    guard
      let number = try Int64.fetchOne(database, sql: "SELECT number FROM recording WHERE id = ?", arguments: [id])
    else { return }
    try removeWords(of: number, from: database)
    try database.execute(sql: "DELETE FROM description WHERE number = ?", arguments: [number])
    try database.execute(sql: "DELETE FROM recording WHERE number = ?", arguments: [number])
  }

  private static func removeWords(of number: Int64, from database: Database) throws {
    for table in ["context", "tag", "party"] {
      try database.execute(sql: "DELETE FROM \(table) WHERE number = ?", arguments: [number])
    }
    try database.execute(sql: "DELETE FROM words WHERE rowid = ?", arguments: [number])
  }

  /// The next number of a moment; of a later one if so many began in it.
  private static func freeNumber(in bounds: Range<Int64>, _ database: Database) throws -> Int64 {
    var bounds = bounds
    while true {
      let last = try Int64.fetchOne(
        database, sql: "SELECT max(number) FROM recording WHERE number >= ? AND number < ?",
        arguments: [bounds.lowerBound, bounds.upperBound])
      guard let last else { return bounds.lowerBound }
      if last + 1 < bounds.upperBound { return last + 1 }
      bounds = bounds.upperBound..<(bounds.upperBound + RecordingNumber.perMillisecond)
    }
  }
}

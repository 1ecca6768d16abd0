import Application
import GRDB

/// A search as SQL. What callers wrote is only ever a bound value; columns and directions come from our own enums.
///
/// Every condition can give its recordings or be asked about one. Where one gives few, it leads and the others are
/// asked; where all give many, the recordings are walked in the order of the list, and the page is full soon.
struct RecordingSearch: Sendable {
  struct Row {
    var number: Int64
    var duration: Double
    var json: String
  }

  /// So few that they may be sorted.
  static let few = 2_000
  /// Words of a text that count.
  static let maximumWords = 16

  let limit: Int
  private let order: RecordingOrder
  private let cursor: RecordingCursor?
  /// Numbers from the first on, to the second.
  private let first: Int64
  private let end: Int64
  private let conditions: [SearchCondition]
  /// On the row itself.
  private var filters: [(sql: String, values: [DatabaseValue])] = []

  init(_ query: RecordingQuery) {
    limit = min(max(query.limit ?? 50, 1), 200)
    order = query.order
    cursor = query.cursor
    var first = query.from.flatMap(RecordingNumber.first(at:)) ?? 0
    var end = query.to.flatMap(RecordingNumber.first(at:)) ?? .max
    switch (query.order, query.cursor) {
    case (.newest, let cursor?): end = min(end, cursor.number)
    case (.oldest, let cursor?): first = max(first, cursor.number == .max ? .max : cursor.number + 1)
    case (.longest, _), (.shortest, _), (.newest, nil), (.oldest, nil): break
    }
    self.first = first
    self.end = end
    conditions = SearchCondition.all(of: query)
    if let room = query.room { filters.append(("r.room = ?", [room.databaseValue])) }
    // The sign keeps a list by start from being read by length and sorted.
    if let least = query.minimumDuration { filters.append(("+r.duration >= ?", [least.databaseValue])) }
    if let most = query.maximumDuration { filters.append(("+r.duration <= ?", [most.databaseValue])) }
    guard let cursor = query.cursor, let duration = cursor.duration else { return }
    switch query.order {
    case .longest:
      filters.append(("(r.duration, r.number) < (?, ?)", [duration.databaseValue, cursor.number.databaseValue]))
    case .shortest:
      filters.append(("(r.duration, r.number) > (?, ?)", [duration.databaseValue, cursor.number.databaseValue]))
    case .newest, .oldest: break
    }
  }

  func cursor(after row: Row) -> RecordingCursor {
    switch order {
    case .newest, .oldest: RecordingCursor(number: row.number)
    case .longest, .shortest: RecordingCursor(number: row.number, duration: row.duration)
    }
  }

  /// One more than the limit, if there are more.
  func rows(in database: Database) throws -> [Row] {
    guard first < end else { return [] }
    let leader = try leader(in: database)
    var arguments: [DatabaseValue] = []
    var sql = "SELECT r.number, r.duration FROM "
    switch leader {
    case .none: sql += "recording r"
    case .few(let index):
      sql += "(SELECT DISTINCT number FROM (\(conditions[index].set))) d CROSS JOIN recording r ON r.number = d.number"
      arguments += conditions[index].values + [first.databaseValue, end.databaseValue]
    case .words: sql += "words CROSS JOIN recording r ON r.number = words.rowid"
    }
    // The sign has a list by length read by length.
    let sign = order == .longest || order == .shortest ? "+" : ""
    var tests = ["\(sign)r.number >= ?", "\(sign)r.number < ?"]
    let bounds = [first.databaseValue, end.databaseValue]
    var values = bounds
    if case .words(let index) = leader {
      tests = ["words MATCH ?", "words.rowid >= ?", "words.rowid < ?"]
      values = conditions[index].values + bounds
    }
    for filter in filters {
      tests.append(filter.sql)
      values += filter.values
    }
    for (index, condition) in conditions.enumerated() where index != leader.index {
      tests.append(leader.index == nil ? condition.membership : condition.probe)
      values += condition.values
    }
    arguments += values
    sql += " WHERE " + tests.joined(separator: " AND ") + " ORDER BY \(sortColumns(leader)) LIMIT \(limit + 1)"
    let page = "SELECT p.number, p.duration, d.json FROM (\(sql)) p JOIN description d ON d.number = p.number"
    return try GRDB.Row.fetchAll(
      database, sql: "\(page) ORDER BY \(direction("p"))", arguments: StatementArguments(arguments)
    ).map { Row(number: $0["number"], duration: $0["duration"], json: $0["json"]) }
  }

  private func direction(_ table: String) -> String {
    switch order {
    case .newest: "\(table).number DESC"
    case .oldest: "\(table).number"
    case .longest: "\(table).duration DESC, \(table).number DESC"
    case .shortest: "\(table).duration, \(table).number"
    }
  }

  private func sortColumns(_ leader: Leader) -> String {
    guard case .words = leader else { return direction("r") }
    return order == .newest ? "words.rowid DESC" : "words.rowid"
  }

  private enum Leader {
    case none
    /// A condition that gives few.
    case few(Int)
    /// The full text, in the order of the list.
    case words(Int)

    var index: Int? {
      switch self {
      case .none: nil
      case .few(let index), .words(let index): index
      }
    }
  }

  private func leader(in database: Database) throws -> Leader {
    var best: (index: Int, count: Int)?
    for (index, condition) in conditions.enumerated() {
      let values = condition.values + [first.databaseValue, end.databaseValue]
      let count =
        try Int.fetchOne(
          database, sql: "SELECT count(*) FROM (\(condition.set) LIMIT \(best?.count ?? Self.few + 1))",
          arguments: StatementArguments(values)) ?? 0
      if count <= Self.few, count < best?.count ?? .max { best = (index, count) }
    }
    if let best { return .few(best.index) }
    switch order {
    case .newest, .oldest: return conditions.firstIndex { $0.isFullText }.map { .words($0) } ?? .none
    case .longest, .shortest: return .none
    }
  }
}

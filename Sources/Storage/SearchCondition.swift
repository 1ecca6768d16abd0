import Application
import GRDB

/// One condition of a search, in the three forms that it can be asked in.
struct SearchCondition: Sendable {
  /// The numbers that fulfil it; takes its values, then the first number and the end.
  var set: String
  /// Whether the row `r` fulfils it; takes its values.
  var probe: String
  /// The same where it is asked of very many rows.
  var membership: String
  var values: [DatabaseValue]
  var isFullText = false

  private init(_ table: String, _ test: String, _ values: [String]) {
    set = "SELECT number FROM \(table) WHERE \(test) AND number >= ? AND number < ?"
    probe = "EXISTS (SELECT 1 FROM \(table) WHERE \(test) AND \(table).number = r.number)"
    membership = probe
    self.values = values.map(\.databaseValue)
  }

  /// By a key of the customer context alone. Of one row all keys are looked at: few, where the key may have many rows.
  private init(key: String) {
    self.init("context", "key = ?", [key])
    probe = "EXISTS (SELECT 1 FROM context WHERE +key = ? AND context.number = r.number)"
    membership = probe
  }

  /// By the full text.
  private init(words pattern: String) {
    set = "SELECT rowid AS number FROM words WHERE words MATCH ? AND rowid >= ? AND rowid < ?"
    // To ask the full text about one row costs milliseconds; to read all that it finds, no more than some tens.
    membership = "r.number IN (SELECT rowid FROM words WHERE words MATCH ?)"
    probe = membership
    values = [pattern.databaseValue]
    isFullText = true
  }

  static func all(of query: RecordingQuery) -> [SearchCondition] {
    var conditions: [SearchCondition] = []
    var context = query.context
    if let key = query.contextKey {
      if let value = query.contextValue, context[key] == nil || context[key] == value {
        context[key] = value
      } else if let value = query.contextValue {
        conditions.append(SearchCondition("context", "key = ? AND value = ?", [key, value]))
      } else {
        conditions.append(SearchCondition(key: key))
      }
    }
    for (key, value) in context.sorted(by: { $0.key < $1.key }) {
      conditions.append(SearchCondition("context", "key = ? AND value = ?", [key, value]))
    }
    if let tag = query.tag { conditions.append(SearchCondition("tag", "tag = ?", [tag])) }
    if let number = query.number {
      let digits = PartyKeys.reversedDigits(of: number) ?? ""
      // Every continuation of these digits; a text without any fits nobody.
      var condition = SearchCondition(
        "party", "digits >= ? AND digits < ?", [digits.isEmpty ? ":" : digits, digits + ":"])
      // The sign has them found by the digits, not by the moment.
      condition.set =
        "SELECT number FROM party WHERE digits >= ? AND digits < ? AND +number >= ? AND +number < ?"
      conditions.append(condition)
    }
    if let agent = query.agent { conditions.append(SearchCondition("party", "user = ?", [agent.lowercased()])) }
    if let text = query.text {
      let words = words(of: text)
      conditions.append(words.isEmpty ? SearchCondition("tag", "FALSE", []) : SearchCondition(words: words))
    }
    return conditions
  }

  /// Beginnings of words, all of which must be there, in FTS5's language; empty if there are none.
  static func words(of text: String) -> String {
    let words = text.unicodeScalars.split { scalar in
      let properties = scalar.properties
      return !properties.isAlphabetic && properties.numericType == nil
        && properties.canonicalCombiningClass == .notReordered
    }
    return words.prefix(RecordingSearch.maximumWords).map { "\"\(String($0))\"*" }.joined(separator: " ")
  }
}

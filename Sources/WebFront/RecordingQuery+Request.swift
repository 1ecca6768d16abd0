import Application
import Hummingbird

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RecordingQuery {
  /// Reads the query of a request strictly: unknown names and values that cannot be meant are refused.
  init(_ request: Request) throws(ControlError) {
    let known = ["room", "from", "to", "contextKey", "contextValue", "cursor", "limit"]
    var values: [String: String] = [:]
    for (name, value) in request.uri.queryParameters {
      guard known.contains(String(name)) else {
        throw ControlError(
          .invalid, "Unknown parameter '\(name.prefix(40))'; known are: \(known.joined(separator: ", "))",
          field: String(name))
      }
      values[String(name)] = String(value)
    }
    var limit: Int?
    if let text = values["limit"] {
      guard let number = Int(text), (1...200).contains(number) else {
        throw ControlError(.invalid, "limit is a number from 1 to 200", field: "limit")
      }
      limit = number
    }
    if let cursor = values["cursor"], !cursor.contains("|") {
      throw ControlError(.invalid, "A cursor is the 'next' of a page that was sent before", field: "cursor")
    }
    if values["contextValue"] != nil, values["contextKey"] == nil {
      throw ControlError(.invalid, "contextValue wants a contextKey beside it", field: "contextValue")
    }
    self.init(
      room: values["room"], from: try RecordingQuery.time(values["from"], "from"),
      to: try RecordingQuery.time(values["to"], "to"), contextKey: values["contextKey"],
      contextValue: values["contextValue"], cursor: values["cursor"], limit: limit)
  }

  /// RFC 3339 in any zone, as the index writes it: UTC with milliseconds.
  static func time(_ text: String?, _ field: String) throws(ControlError) -> String? {
    guard let text else { return nil }
    for fraction in [false, true] {
      if let date = try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: fraction)) {
        return SystemTime.timestamp(date)
      }
    }
    throw ControlError(.invalid, "'\(text.prefix(40))' is no time; write 2026-01-31T12:00:00Z", field: field)
  }
}

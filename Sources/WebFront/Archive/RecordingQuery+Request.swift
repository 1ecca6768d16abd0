import Application
import Hummingbird

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

extension RecordingQuery {
  /// Keys of the customer context that have a parameter of their own.
  private static let contextNames = ["order", "customer"]

  static let parameterNames = [
    "room", "from", "to", "number", "agent", "order", "customer", "contextKey", "contextValue", "tag",
    "minimumDuration", "maximumDuration", "text", "sort", "cursor", "limit",
  ]

  /// Reads the query of a request strictly: unknown names and values that cannot be meant are refused.
  init(_ request: Request) throws(ControlError) {
    var values: [String: String] = [:]
    for (name, value) in request.uri.queryParameters {
      guard Self.parameterNames.contains(String(name)) else {
        throw ControlError(
          .invalid,
          "Unknown parameter '\(name.prefix(40))'; known are: \(Self.parameterNames.joined(separator: ", "))",
          field: String(name))
      }
      values[String(name)] = String(value)
    }
    try self.init(values)
  }

  /// Reads values by their names, whichever door they came through.
  init(_ values: [String: String]) throws(ControlError) {
    for (name, value) in values where value.utf8.count > Self.maximumText {
      throw ControlError(.invalid, "\(name) has at most \(Self.maximumText) octets", field: name)
    }
    if values["contextValue"] != nil, values["contextKey"] == nil {
      throw ControlError(.invalid, "contextValue wants a contextKey beside it", field: "contextValue")
    }
    if let number = values["number"], !number.utf8.contains(where: { (0x30...0x39).contains($0) }) {
      throw ControlError(.invalid, "A number has digits; its last ones are enough", field: "number")
    }
    let order = try Self.order(values["sort"])
    let names = Self.contextNames.compactMap { name in values[name].map { (name, $0) } }
    self.init(
      room: values["room"], from: try Self.time(values["from"], "from"), to: try Self.time(values["to"], "to"),
      contextKey: values["contextKey"], contextValue: values["contextValue"],
      context: Dictionary(names) { first, _ in first }, number: values["number"], agent: values["agent"],
      tag: values["tag"], minimumDuration: try Self.seconds(values["minimumDuration"], "minimumDuration"),
      maximumDuration: try Self.seconds(values["maximumDuration"], "maximumDuration"), text: values["text"],
      order: order, cursor: try Self.cursor(values["cursor"], in: order), limit: try Self.limit(values["limit"]))
  }

  private static func order(_ text: String?) throws(ControlError) -> RecordingOrder {
    guard let text else { return .newest }
    guard let order = RecordingOrder(rawValue: text) else {
      let known = RecordingOrder.allCases.map(\.rawValue).joined(separator: ", ")
      throw ControlError(.invalid, "sort is one of: \(known)", field: "sort")
    }
    return order
  }

  private static func cursor(_ text: String?, in order: RecordingOrder) throws(ControlError) -> RecordingCursor? {
    guard let text else { return nil }
    let isByLength = order == .longest || order == .shortest
    guard let cursor = RecordingCursor(text), (cursor.duration != nil) == isByLength else {
      throw ControlError(.invalid, "A cursor is the 'next' of a page of the same list", field: "cursor")
    }
    return cursor
  }

  private static func limit(_ text: String?) throws(ControlError) -> Int? {
    guard let text else { return nil }
    guard let number = Int(text), (1...200).contains(number) else {
      throw ControlError(.invalid, "limit is a number from 1 to 200", field: "limit")
    }
    return number
  }

  private static func seconds(_ text: String?, _ field: String) throws(ControlError) -> Double? {
    guard let text else { return nil }
    guard let seconds = Double(text), seconds.isFinite, seconds >= 0 else {
      throw ControlError(.invalid, "\(field) is a number of seconds", field: field)
    }
    return seconds
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

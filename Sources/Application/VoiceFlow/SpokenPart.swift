/// A piece of what a flow says: a prompt by its name, or a value in words of the caller's language.
package enum SpokenPart: Hashable, Sendable {
  case prompt(String)
  /// Digit by digit, as an order number.
  case digits(FlowText)
  /// A whole number, as a count.
  case number(FlowText)
  /// A day of the calendar, `2026-11-25`.
  case date(FlowText)
  /// A time of day, `14:30`.
  case time(FlowText)

  /// `order-number`, `digits $order`, `number 12`, `date $day`, `time 14:30`; nil if it is none of these.
  package init?(_ text: String) {
    let words = text.split(separator: " ", maxSplits: 1)
    guard let first = words.first else { return nil }
    guard words.count == 2 else {
      guard NamePattern.isPlainName(text) else { return nil }
      self = .prompt(text)
      return
    }
    guard let value = FlowText(words[1].trimmingSpaces) else { return nil }
    switch first {
    case "digits": self = .digits(value)
    case "number": self = .number(value)
    case "date": self = .date(value)
    case "time": self = .time(value)
    default: return nil
    }
  }

  /// The values that it wants.
  package var variables: [String] {
    switch self {
    case .prompt: []
    case .digits(let text), .number(let text), .date(let text), .time(let text): text.variables
    }
  }
}

extension Substring {
  fileprivate var trimmingSpaces: String {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}

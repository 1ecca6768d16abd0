/// How a language says numbers, dates and times with prompts.
package enum SpokenLanguage: String, Hashable, Sendable, CaseIterable {
  case english = "en"
  case german = "de"

  /// By the first letters of a language tag; English for those that we do not speak.
  package init(tag: String) {
    self = SpokenLanguage.allCases.first { tag.lowercased().hasPrefix($0.rawValue) } ?? .english
  }

  /// The names of the prompts that say a part; empty if the value is none of its kind.
  package func prompts(of part: SpokenPart, values: [String: String]) -> [String] {
    switch part {
    case .prompt(let name): return [name]
    case .digits(let text): return text.filled(with: values).compactMap(Self.key)
    case .number(let text):
      guard let number = Int(text.filled(with: values)), (0...999_999).contains(number) else { return [] }
      return prompts(ofNumber: number)
    case .date(let text): return prompts(ofDate: text.filled(with: values))
    case .time(let text): return prompts(ofTime: text.filled(with: values))
    }
  }

  private static func key(_ character: Character) -> String? {
    switch character {
    case "0"..."9": "digit-\(character)"
    case "*": "key-star"
    case "#": "key-hash"
    default: nil
    }
  }

  /// 0 to 999,999.
  func prompts(ofNumber number: Int) -> [String] {
    if number >= 1_000 {
      let rest = number % 1_000
      let thousands = prompts(ofNumber: number / 1_000, beforeNoun: true) + ["number-thousand"]
      return thousands + (rest == 0 ? [] : joint(before: rest) + prompts(ofNumber: rest))
    }
    return prompts(ofNumber: number, beforeNoun: false)
  }

  /// 0 to 999; `beforeNoun`: *ein*tausend, not *eins*.
  private func prompts(ofNumber number: Int, beforeNoun: Bool) -> [String] {
    if number >= 100 {
      let rest = number % 100
      let hundreds = one(number / 100, beforeNoun: true) + ["number-hundred"]
      return hundreds + (rest == 0 ? [] : joint(before: rest) + prompts(ofNumber: rest, beforeNoun: beforeNoun))
    }
    if number < 20 { return one(number, beforeNoun: beforeNoun) }
    let tens = ["number-\(number / 10 * 10)"]
    guard number % 10 != 0 else { return tens }
    switch self {
    case .english: return tens + one(number % 10, beforeNoun: false)
    // Three-and-twenty.
    case .german: return one(number % 10, beforeNoun: true) + ["number-and"] + tens
    }
  }

  private func one(_ number: Int, beforeNoun: Bool) -> [String] {
    if self == .german, number == 1, beforeNoun { return ["number-one"] }
    return number < 10 ? ["digit-\(number)"] : ["number-\(number)"]
  }

  /// A hundred *and* five, in English.
  private func joint(before rest: Int) -> [String] { self == .english && rest < 100 ? ["number-and"] : [] }

  private func prompts(ofDate text: String) -> [String] {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 3, let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]),
      (1...9_999).contains(year), (1...12).contains(month), (1...31).contains(day)
    else { return [] }
    switch self {
    case .english: return ["month-\(month)", "day-\(day)"] + prompts(ofYear: year)
    case .german: return ["day-\(day)", "month-\(month)"] + prompts(ofYear: year)
    }
  }

  /// Nineteen hundred and five, *neunzehnhundertfünf*; two thousand and five.
  private func prompts(ofYear year: Int) -> [String] {
    guard (1_100..<2_000).contains(year) else { return prompts(ofNumber: year) }
    let rest = year % 100
    return prompts(ofNumber: year / 100) + ["number-hundred"]
      + (rest == 0 ? [] : joint(before: rest) + prompts(ofNumber: rest))
  }

  private func prompts(ofTime text: String) -> [String] {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count == 2, let hour = Int(parts[0]), let minute = Int(parts[1]), (0...23).contains(hour),
      (0...59).contains(minute)
    else { return [] }
    switch self {
    case .english where minute == 0: return prompts(ofNumber: hour) + ["clock"]
    case .english: return prompts(ofNumber: hour) + (minute < 10 ? ["digit-0"] : []) + prompts(ofNumber: minute)
    case .german:
      return prompts(ofNumber: hour, beforeNoun: true) + ["clock"] + (minute == 0 ? [] : prompts(ofNumber: minute))
    }
  }
}

import Application
import Conference

/// Reads one step of a voice flow.
enum FlowStepReader {
  private static let keywords = [
    "say", "play", "gather", "menu", "dial", "transfer", "record", "http", "hours", "language", "set", "if", "go",
    "conference", "hangup",
  ]

  static func read(_ section: SectionReader) -> [FlowStep] {
    let present = keywords.filter(section.keys.contains)
    guard present.count == 1, let keyword = present.first else {
      let key = section.keys.first ?? "(step)"
      let hint = present.isEmpty ? EditDistance.hint(key, among: keywords) : ""
      section.problem(key, "a step is one of: \(keywords.joined(separator: ", "))\(hint)")
      return []
    }
    let steps = read(keyword, section)
    section.finish()
    return steps
  }

  private static func read(_ keyword: String, _ section: SectionReader) -> [FlowStep] {
    switch keyword {
    case "say":
      let parts = parts(section, "say")
      if parts.isEmpty { section.problem("say", "says nothing; write the name of a prompt") }
      return [.say(parts, allowsBargeIn: section.boolean("barge_in", default: true))]
    case "play":
      let parts = section.list("play").compactMap { SpokenPart($0) }.filter {
        if case .prompt = $0 { true } else { false }
      }
      if parts.isEmpty || parts.count < section.list("play").count {
        section.problem("play", "wants names of prompts; for values write 'say'")
      }
      return [.say(parts, allowsBargeIn: section.boolean("barge_in", default: true))]
    case "gather": return gathering(section.section("gather")).map { [.gather($0)] } ?? []
    case "menu": return [.menu(menu(section.section("menu")))]
    case "dial":
      let call = section.section("dial")
      let uri = text(call.string("uri", default: ""), call, "uri")
      if uri?.description.isEmpty ?? false { call.problem("uri", "is missing; write sip:user@host") }
      let timeout = call.integer("timeout", default: 30, in: 1...300)
      let otherwise = call.optionalString("otherwise")
      call.finish()
      return uri.map { [.dial($0, timeout: timeout, otherwise: otherwise)] } ?? []
    case "transfer":
      let call = section.section("transfer")
      let uri = text(call.string("uri", default: ""), call, "uri")
      if uri?.description.isEmpty ?? false { call.problem("uri", "is missing; write sip:user@host") }
      let timeout = call.integer("timeout", default: 30, in: 1...300)
      call.finish()
      return uri.map { [.transfer($0, timeout: timeout)] } ?? []
    case "http": return hook(section.section("http")).map { [.consult($0)] } ?? []
    case "hours":
      let name = section.string("hours", default: "")
      if name.isEmpty { section.problem("hours", "is missing the name of hours") }
      let step = FlowStep.hours(
        name, open: section.optionalString("open"), closed: section.optionalString("closed"))
      if step.leadsNowhere { section.problem("hours", "leads nowhere; write 'closed: BLOCK', or 'open: BLOCK'") }
      return [step]
    case "record":
      let recording = section.section("record")
      let maximum = recording.fraction("maximum", default: 120, in: 1...3_600)
      let end = digit(recording, "end", default: .pound)
      recording.finish()
      return [.record(maximum: Int64(maximum * 1_000), end: end)]
    case "language":
      return text(section.string("language", default: "en"), section, "language").map { [.language($0)] } ?? []
    case "set":
      return section.dictionary("set").sorted { $0.key < $1.key }.compactMap { name, value in
        guard isVariable(name, section, "set"), let text = text(value, section, "set") else { return nil }
        return .set(name, text)
      }
    case "if":
      guard let left = text(section.string("if", default: ""), section, "if"),
        let right = text(section.string("is", default: ""), section, "is")
      else { return [] }
      return [.branch(left, equals: right, then: block(section, "then"))]
    case "go": return [.go(block(section, "go"))]
    case "conference":
      let name = section.string("conference", default: "")
      if name.isEmpty { section.problem("conference", "is missing the name of a room") }
      return text(name, section, "conference").map { [.conference($0)] } ?? []
    default:
      if let value = section.optionalString("hangup") {
        section.problem("hangup", "stands alone, without '\(value)'")
      }
      return [.hangUp]
    }
  }

  private static func hook(_ section: SectionReader) -> FlowHook? {
    let url = section.string("url", default: "")
    let address = WebhookAddress(url)
    // The URL may hold a secret.
    if address == nil { section.problem("url", "is no URL; write https://host/path, without user and password") }
    let timeout = milliseconds(section, "timeout", 5_000, in: 0.1...30)
    let otherwise = section.optionalString("otherwise")
    section.finish()
    return address.map { FlowHook(address: $0, timeout: timeout, otherwise: otherwise) }
  }

  private static func gathering(_ section: SectionReader) -> FlowGathering? {
    let name = section.string("into", default: "")
    let count = section.string("digits", default: "1-\(FlowGathering.maximumDigits)")
    var gathering = FlowGathering(variable: name, question: question(section))
    gathering.otherwise = section.optionalString("otherwise")
    gathering.end = digit(section, "end", default: .pound)
    section.finish()
    if let range = range(count) {
      gathering.count = range
    } else {
      section.problem("digits", "'\(count)' is no count from 1 to \(FlowGathering.maximumDigits); write 4, or 4-8")
    }
    return isVariable(name, section, "into") ? gathering : nil
  }

  private static func menu(_ section: SectionReader) -> FlowMenu {
    var choices: [DTMFDigit: String] = [:]
    let keys = section.dictionary("choices")
    for (key, block) in keys {
      guard let digit = digit(key) else {
        section.problem("choices", "'\(key)' is no key; write 0 to 9, star or hash")
        continue
      }
      choices[digit] = block
    }
    if keys.isEmpty { section.problem("choices", "is missing; write 'choices: {1: BLOCK}'") }
    let menu = FlowMenu(
      question: question(section), choices: choices, otherwise: section.optionalString("otherwise"))
    section.finish()
    return menu
  }

  private static func question(_ section: SectionReader) -> FlowQuestion {
    var question = FlowQuestion(prompt: parts(section, "prompt"))
    if section.keys.contains("invalid") { question.invalid = parts(section, "invalid") }
    if section.keys.contains("silent") { question.silent = parts(section, "silent") }
    question.timeout = milliseconds(section, "timeout", question.timeout)
    question.pause = milliseconds(section, "pause", question.pause)
    question.tries = section.integer("tries", default: question.tries, in: 1...10)
    question.allowsBargeIn = section.boolean("barge_in", default: question.allowsBargeIn)
    return question
  }

  /// Seconds in the file.
  private static func milliseconds(
    _ section: SectionReader, _ key: String, _ value: Int64, in range: ClosedRange<Double> = 0.1...600
  ) -> Int64 {
    Int64(section.fraction(key, default: Double(value) / 1_000, in: range) * 1_000)
  }

  private static func parts(_ section: SectionReader, _ key: String) -> [SpokenPart] {
    section.list(key).compactMap { text in
      if let part = SpokenPart(text) { return part }
      section.problem(
        key, "'\(text)' is no prompt; write its name, or 'digits', 'number', 'date' or 'time' with a value or $variable"
      )
      return nil
    }
  }

  private static func text(_ value: String, _ section: SectionReader, _ key: String) -> FlowText? {
    if let text = FlowText(value) { return text }
    section.problem(key, "'\(value)': after '$' comes the name of a variable; write '$$' for a dollar")
    return nil
  }

  private static func block(_ section: SectionReader, _ key: String) -> String {
    let name = section.string(key, default: "")
    if name.isEmpty { section.problem(key, "is missing the name of a block") }
    return name
  }

  private static func isVariable(_ name: String, _ section: SectionReader, _ key: String) -> Bool {
    if FlowText.isName(name[...]) { return true }
    section.problem(key, name.isEmpty ? "is missing the name of a variable" : "'\(name)' is no name of a variable")
    return false
  }

  private static func digit(_ section: SectionReader, _ key: String, default value: DTMFDigit) -> DTMFDigit {
    guard let text = section.optionalString(key) else { return value }
    if let digit = digit(text) { return digit }
    section.problem(key, "'\(text)' is no key; write 0 to 9, star or hash")
    return value
  }

  private static func digit(_ key: String) -> DTMFDigit? {
    switch key {
    case "star": .star
    case "hash", "pound": .pound
    default: key.count == 1 ? key.first.flatMap { DTMFDigit($0) } : nil
    }
  }

  private static func range(_ text: String) -> ClosedRange<Int>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false).map { Int($0) }
    guard (1...2).contains(parts.count), let first = parts[0], let last = parts[parts.count - 1],
      first <= last, (1...FlowGathering.maximumDigits).contains(first), last <= FlowGathering.maximumDigits
    else { return nil }
    return first...last
  }
}

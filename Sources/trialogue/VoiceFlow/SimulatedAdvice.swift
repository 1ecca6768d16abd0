import Application

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// What a flow is answered on the terminal: `{"steps": …}` each time, or a list of answers in their order, in which `null` is none.
struct SimulatedAdvice {
  private var answers: [FlowAdvice] = []
  private let repeats: Bool

  init() { repeats = false }

  init(_ octets: [UInt8]) throws(ConfigurationFailure) {
    let value: JSONValue
    do { value = try JSONDecoder().decode(JSONValue.self, from: Data(octets)) } catch {
      throw ConfigurationFailure(problems: [
        ConfigurationProblem(file: "answer", line: 1, key: "(answer)", reason: "no JSON")
      ])
    }
    guard case .list(let list) = value else {
      repeats = true
      answers = [.steps(try FlowAnswer.read(value))]
      return
    }
    repeats = false
    for item in list { answers.append(item == .null ? .failed("no answer") : .steps(try FlowAnswer.read(item))) }
  }

  mutating func next() -> FlowAdvice {
    guard let first = answers.first else { return .failed("no answer") }
    if !repeats { answers.removeFirst() }
    return first
  }
}

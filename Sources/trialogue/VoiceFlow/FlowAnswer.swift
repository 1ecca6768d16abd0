import Application
import Yams

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The steps that a program answers with, as JSON, checked like those of a file: `{"steps": [{"say": "welcome"}, "hangup"]}`.
///
/// What comes from elsewhere reads no file of this machine and no variable of its environment.
enum FlowAnswer {
  /// Octets of one answer at most.
  static let maximumOctets = 65_536
  /// Lists and objects within each other.
  static let maximumDepth = 16

  static func read(_ octets: [UInt8]) throws(ConfigurationFailure) -> [FlowStep] {
    let report = ProblemList(file: "answer", environment: .none)
    guard octets.count <= maximumOctets, depth(octets) <= maximumDepth,
      let value = try? JSONDecoder().decode(JSONValue.self, from: Data(octets))
    else {
      report.add(1, "(answer)", "no JSON, longer than \(maximumOctets) octets, or deeper than \(maximumDepth)")
      throw ConfigurationFailure(problems: report.problems)
    }
    return try read(value, report: report)
  }

  static func read(_ value: JSONValue) throws(ConfigurationFailure) -> [FlowStep] {
    try read(value, report: ProblemList(file: "answer", environment: .none))
  }

  private static func read(_ value: JSONValue, report: ProblemList) throws(ConfigurationFailure) -> [FlowStep] {
    let root = SectionReader(node(value), path: "", report: report)
    let sections = root.sections("steps", allowsWords: true)
    if sections == nil { root.problem("steps", "is missing; answer {\"steps\": []} to go on") }
    root.finish()
    let steps = sections ?? []
    if steps.count > FlowAdvice.maximumSteps { root.problem("steps", "are more than \(FlowAdvice.maximumSteps)") }
    let read = steps.prefix(FlowAdvice.maximumSteps).flatMap(FlowStepReader.read)
    guard report.problems.isEmpty else { throw ConfigurationFailure(problems: report.problems) }
    return read
  }

  /// Read before anything is parsed, which takes stack for each.
  private static func depth(_ octets: [UInt8]) -> Int {
    var depth = 0
    var deepest = 0
    var isInText = false
    var isEscaped = false
    for octet in octets {
      if isEscaped {
        isEscaped = false
        continue
      }
      switch octet {
      case UInt8(ascii: "\\") where isInText: isEscaped = true
      case UInt8(ascii: "\""): isInText.toggle()
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        guard !isInText else { continue }
        depth += 1
        deepest = max(deepest, depth)
      case UInt8(ascii: "]"), UInt8(ascii: "}"): if !isInText { depth -= 1 }
      default: continue
      }
    }
    return deepest
  }

  private static func node(_ value: JSONValue) -> Node {
    switch value {
    case .text(let text): .scalar(.init(text, .implicit, .doubleQuoted))
    case .number(let number): .scalar(.init(Int64(exactly: number).map { "\($0)" } ?? "\(number)"))
    case .boolean(let value): .scalar(.init("\(value)"))
    case .null: .scalar(.init(""))
    case .list(let list): .sequence(.init(list.map(node)))
    case .object(let object):
      .mapping(.init(object.sorted { $0.key < $1.key }.map { (.scalar(.init($0.key)), node($0.value)) }))
    }
  }
}

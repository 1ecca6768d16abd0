import Application
import Conference
import Yams

/// A voice flow as a YAML file, read as strictly as the configuration.
///
/// ```yaml
/// start: main
/// blocks:
///   main:
///     - say: [welcome, menu-main]
///     - menu: {prompt: menu-main, choices: {1: order, 2: german}}
///   order:
///     - gather: {into: order, prompt: enter-order, digits: 4-8}
///     - say: [your-order, digits $order]
///     - conference: support
/// hours:
///   shop: {time_zone: Europe/Berlin, open: {mon-fri: "9:00-18:00"}, holidays: ["12-25"]}
/// ```
enum FlowFile {
  /// Steps of one block, and blocks of one flow, at most.
  static let maximumSteps = 1_000
  static let maximumBlocks = 1_000

  static func read(_ text: String, name: String, file: String) throws(ConfigurationFailure) -> VoiceFlow {
    // No variable of the environment speaks for a flow.
    let report = ProblemList(file: file, environment: Environment([:]))
    let root = SectionReader(ConfigurationText.compose(text, report: report), path: "", report: report)
    let blocks = root.section("blocks")
    var flow = VoiceFlow(name: name, start: root.string("start", default: "main"), blocks: [:])
    flow.language = root.optionalString("language")
    let hours = root.section("hours")
    flow.hours = HoursReader.readAll(hours)
    root.finish()
    if blocks.keys.isEmpty { root.problem("blocks", "is missing; write 'blocks: {main: [- say: welcome]}'") }
    for block in blocks.keys.prefix(maximumBlocks) {
      let steps = blocks.sections(block, allowsWords: true) ?? []
      if steps.count > maximumSteps { blocks.problem(block, "has more than \(maximumSteps) steps; split it") }
      flow.blocks[block] = steps.prefix(maximumSteps).flatMap(FlowStepReader.read)
    }
    if blocks.keys.count > maximumBlocks { root.problem("blocks", "are more than \(maximumBlocks)") }
    if report.problems.isEmpty { findDangling(flow, root, blocks) }
    guard report.problems.isEmpty else { throw ConfigurationFailure(problems: report.problems) }
    return flow
  }

  private static func findDangling(_ flow: VoiceFlow, _ root: SectionReader, _ blocks: SectionReader) {
    let names = flow.blocks.keys.sorted()
    if flow.blocks[flow.start] == nil {
      root.problem("start", "there is no block '\(flow.start)'\(EditDistance.hint(flow.start, among: names))")
      return
    }
    for (block, target) in flow.danglingTargets {
      blocks.problem(block, "leads to '\(target)', which is no block\(EditDistance.hint(target, among: names))")
    }
    let schedules = flow.hours.keys.sorted()
    for (block, name) in flow.missingHours {
      blocks.problem(block, "there are no hours '\(name)'\(EditDistance.hint(name, among: schedules))")
    }
    for block in flow.unreachableBlocks { blocks.problem(block, "no step leads here; remove it, or lead to it") }
  }
}

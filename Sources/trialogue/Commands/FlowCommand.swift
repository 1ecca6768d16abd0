import Application
import ArgumentParser
import Foundation

struct FlowCommands: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "flow", abstract: "Try voice menus without a call.", subcommands: [FlowRunCommand.self])
}

struct FlowRunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run", abstract: "Walk through a voice flow on the terminal, as a caller would.")
  @Argument(help: "The YAML file of the flow.") var file: String
  @Option(help: "The keys that the caller presses; a comma is silence.") var dtmf = ""
  @Option(help: "Of the call, where the flow does not say another.") var language = "en"
  @Option(name: .customLong("set"), help: "What is known of the call, as context.name=Juliana. May be repeated.")
  var values: [String] = []
  @Option(help: "When the call comes, as 2026-12-24T20:00, in the time zone of the flow's hours; now.") var at: String?
  @Option(help: "JSON that programs elsewhere answer with: {\"steps\": [...]}, or a list of answers; null is none.")
  var http: String?
  @Flag(help: "Who is dialled answers; otherwise nobody does.") var answered = false
  @Flag(help: "For programs.") var json = false

  func validate() throws {
    guard values.allSatisfy({ $0.contains("=") }) else { throw ValidationError("--set wants NAME=VALUE") }
    if let at, WallTime.parse(at, zone: .gmt) == nil {
      throw ValidationError("--at: '\(at)' is no time; write 2026-12-24T20:00, or with Z or +01:00 behind it")
    }
    let keys = "0123456789*#ABCDabcd,"
    if let key = dtmf.first(where: { !keys.contains($0) }) {
      throw ValidationError("--dtmf: '\(key)' is no key; write 0 to 9, *, # and commas")
    }
  }

  func run() throws {
    let flow = try FlowCheck.read(file)
    let pairs = values.map { $0.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false) }
    let variables = Dictionary(pairs.map { (String($0[0]), String($0[1])) }, uniquingKeysWith: { _, last in last })
    let zone = flow.hours.min { $0.key < $1.key }?.value.zone ?? .gmt
    let now = Int64(Date().timeIntervalSince1970)
    var simulation = FlowSimulation(
      flow, keys: dtmf, language: language, variables: variables,
      unixTime: at.flatMap { WallTime.parse($0, zone: zone) } ?? now, isAnswered: answered, advice: try advice())
    simulation.run()
    if json {
      let path = simulation.events.compactMap { event -> FlowTraceStep? in
        guard case .reached(let block, let step, let keyword) = event else { return nil }
        return FlowTraceStep(block: block, step: step, keyword: keyword)
      }
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
      print(
        String(
          decoding: try encoder.encode(FlowTrace(path: path, variables: simulation.variables)), as: UTF8.self))
    } else {
      for event in simulation.events { print(event) }
    }
  }
}

extension FlowRunCommand {
  private func advice() throws -> SimulatedAdvice {
    guard let http else { return SimulatedAdvice() }
    guard let data = FileManager.default.contents(atPath: http) else {
      ConfigurationFile.complain("\(http): cannot be read; check the path and its permissions")
      throw ExitCode(2)
    }
    do throws(ConfigurationFailure) { return try SimulatedAdvice([UInt8](data)) } catch {
      for problem in error.problems {
        ConfigurationFile.complain("\(http): \(problem.key): \(problem.reason)")
      }
      throw ExitCode(2)
    }
  }
}

/// The way through a flow, for programs.
struct FlowTrace: Encodable {
  var path: [FlowTraceStep]
  var variables: [String: String]
}

/// A step that was reached.
struct FlowTraceStep: Encodable {
  var block: String
  /// 1 is the first.
  var step: Int
  var keyword: String
}

/// Reads a flow for a command: errors go to standard error, one a line, with exit status 2.
enum FlowCheck {
  static func read(_ path: String) throws -> VoiceFlow {
    guard let data = FileManager.default.contents(atPath: path) else {
      ConfigurationFile.complain("\(path): cannot be read; check the path and its permissions")
      throw ExitCode(2)
    }
    let name = URL(fileURLWithPath: path).deletingPathExtension().lastPathComponent
    do throws(ConfigurationFailure) {
      return try FlowFile.read(
        String(decoding: data, as: UTF8.self), name: name, file: path)
    } catch {
      for problem in error.problems { ConfigurationFile.complain(problem.description) }
      throw ExitCode(2)
    }
  }

  /// Whether a YAML file is a flow and no configuration: it has blocks.
  static func isFlow(_ text: String) -> Bool {
    text.split(separator: "\n").contains { $0.hasPrefix("blocks:") }
  }
}

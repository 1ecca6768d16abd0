import Application
import ArgumentParser
import Foundation

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Check a configuration file, or a voice flow, without starting anything.")
  @Argument(help: "The YAML file.") var file: String
  @Flag(help: "Print every value that would be in force.") var printEffective = false

  func run() throws {
    if let text = FileManager.default.contents(atPath: file), FlowCheck.isFlow(String(decoding: text, as: UTF8.self)) {
      let flow = try FlowCheck.read(file)
      return print("\(file): correct, a voice flow of \(flow.blocks.count) blocks")
    }
    let configuration = try ConfigurationFile.read(file)
    if printEffective { print(EffectiveText.of(configuration)) } else { print("\(file): correct") }
  }
}

/// Reads a configuration file for a command: errors go to standard error, one a line, with exit status 2.
enum ConfigurationFile {
  static func read(_ path: String?) throws -> Configuration {
    guard let path else { return try parse("", "defaults") }
    guard let data = FileManager.default.contents(atPath: path) else {
      complain("\(path): cannot be read; check the path and its permissions")
      throw ExitCode(2)
    }
    return try parse(String(decoding: data, as: UTF8.self), path)
  }

  private static func parse(_ text: String, _ path: String) throws -> Configuration {
    do { return try Configuration.read(text, file: path, environment: .process) } catch {
      for problem in error.problems { complain(problem.description) }
      throw ExitCode(2)
    }
  }

  static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }
}

/// A configuration as indented text; secrets are not shown.
enum EffectiveText {
  static func of(_ value: Any, indent: String = "") -> String {
    Mirror(reflecting: value).children.compactMap { child in
      guard let label = child.label else { return nil }
      let mirror = Mirror(reflecting: child.value)
      if mirror.displayStyle == .struct, !(child.value is any CustomStringConvertible) {
        return "\(indent)\(label):\n\(of(child.value, indent: indent + "  "))"
      }
      return "\(indent)\(label): \(child.value)"
    }.joined(separator: "\n")
  }
}

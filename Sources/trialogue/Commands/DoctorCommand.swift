import ArgumentParser
import Foundation

struct DoctorCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Check whether this machine is fit for the server, and say what to do.",
    discussion: "Ends with 0, also with warnings, or with 1 if the server could not do its work.")
  @Option(help: "The YAML file; without it the demo's defaults are looked at.") var config: String?
  @Flag(help: "Print JSON for programs.") var json = false

  func run() async throws {
    let findings = await Doctor(configuration: try ConfigurationFile.read(config)).examine()
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
      print(String(decoding: try encoder.encode(findings), as: UTF8.self))
    } else {
      let width = findings.map(\.subject.count).max() ?? 0
      for finding in findings {
        let mark = finding.verdict.rawValue + String(repeating: " ", count: 5 - finding.verdict.rawValue.count)
        print(
          "\(mark) \(finding.subject)\(String(repeating: " ", count: width - finding.subject.count))  \(finding.state)")
        if let next = finding.next { print("      \(String(repeating: " ", count: width))→ \(next)") }
      }
    }
    if findings.contains(where: { $0.verdict == .fail }) { throw ExitCode(1) }
  }
}

/// Collects what is wrong while a configuration is read.
final class ProblemList {
  let file: String
  let environment: Environment
  private(set) var problems: [ConfigurationProblem] = []

  init(file: String, environment: Environment) {
    self.file = file
    self.environment = environment
  }

  /// What is wrong with a file that this one names.
  func add(_ others: [ConfigurationProblem]) { problems += others }

  func add(_ line: Int, _ key: String, _ reason: String) {
    // YAML knows keys without a letter: `? ` alone is one.
    let name = key.isEmpty ? "(empty)" : key
    problems.append(
      ConfigurationProblem(file: line == 0 ? "environment" : file, line: line, key: name, reason: reason))
  }
}

@testable import trialogue

/// Reads configurations for tests.
enum Reading {
  static func read(_ text: String, _ variables: [String: String] = [:]) throws -> Configuration {
    try Configuration.read(text, file: "f.yaml", environment: Environment(variables))
  }

  /// What is wrong, as the operator sees it; empty if nothing is.
  static func problems(_ text: String, _ variables: [String: String] = [:]) -> [String] {
    do {
      _ = try Configuration.read(text, file: "f.yaml", environment: Environment(variables))
      return []
    } catch {
      return error.problems.map(\.description)
    }
  }
}

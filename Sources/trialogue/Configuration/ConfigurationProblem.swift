/// One thing wrong with a configuration file: what, where, what to do.
struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
  var file: String
  /// 1 is the first; 0 if the problem has no line, as with an environment variable.
  var line: Int
  /// Dotted path, as `rooms[0].pin`.
  var key: String
  var reason: String

  var description: String { "\(file):\(line): \(key): \(reason)" }
}

/// Everything that is wrong with a configuration; nothing was started.
struct ConfigurationFailure: Error, CustomStringConvertible {
  var problems: [ConfigurationProblem]
  var description: String { problems.map(\.description).joined(separator: "\n") }
}

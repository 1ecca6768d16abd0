#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Environment variables that override the file: `TRIALOGUE_SECTION_KEY`, and files that hold secrets.
struct Environment: Sendable {
  private let variables: [String: String]
  private let hasFiles: Bool

  init(_ variables: [String: String]) {
    self.variables = variables
    hasFiles = true
  }

  private init() {
    variables = [:]
    hasFiles = false
  }

  /// For what strangers write: no variables, and no file can be read.
  static let none = Environment()

  static var process: Environment { Environment(ProcessInfo.processInfo.environment) }

  /// What the environment says about a key.
  enum Override: Hashable, Sendable {
    case value(String)
    /// The variable names a file that cannot be read.
    case unreadable(variable: String, path: String)
  }

  /// `recording.directory` is overridden by `TRIALOGUE_RECORDING_DIRECTORY`, or by the content of the file that
  /// `TRIALOGUE_RECORDING_DIRECTORY_FILE` names. In a list each sign of `rooms[0].pin` that is no letter becomes `_`.
  func override(of path: String) -> Override? {
    let name = "TRIALOGUE_" + path.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    if let value = variables[name] { return .value(value) }
    return variables[name + "_FILE"].map { file in
      read(file).map { .value($0) } ?? .unreadable(variable: name + "_FILE", path: file)
    }
  }

  /// A file's text without the line end that editors add.
  func read(_ path: String) -> String? {
    guard hasFiles, let data = FileManager.default.contents(atPath: path) else { return nil }
    var text = String(decoding: data, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}

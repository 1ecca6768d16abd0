#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Environment variables that override the file: `TRIALOGUE_SECTION_KEY`, and files that hold secrets.
struct Environment: Sendable {
  private let variables: [String: String]

  init(_ variables: [String: String]) { self.variables = variables }

  static var process: Environment { Environment(ProcessInfo.processInfo.environment) }

  /// `recording.directory` is overridden by `TRIALOGUE_RECORDING_DIRECTORY`, or by the content of the file that
  /// `TRIALOGUE_RECORDING_DIRECTORY_FILE` names.
  func value(for path: String) -> String? {
    let name = "TRIALOGUE_" + path.uppercased().map { $0.isLetter || $0.isNumber ? String($0) : "_" }.joined()
    if let value = variables[name] { return value }
    return variables[name + "_FILE"].flatMap(read)
  }

  /// A file's text without the line end that editors add.
  func read(_ path: String) -> String? {
    guard let data = FileManager.default.contents(atPath: path) else { return nil }
    var text = String(decoding: data, as: UTF8.self)
    while text.last?.isNewline == true { text.removeLast() }
    return text
  }
}

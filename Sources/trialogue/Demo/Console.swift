import Foundation

/// The terminal that the demo is worked by: single keys, without echo. Nothing happens where standard input is no terminal.
final class Console: Sendable {
  let isTerminal: Bool
  private let saved: String?

  init() {
    isTerminal = isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1
    saved = isTerminal ? Console.stty(["-g"]) : nil
    if isTerminal { Console.stty(["-icanon", "-echo", "min", "1"]) }
  }

  /// The keys that are pressed; ends with the input. Empty without a terminal.
  var keys: AsyncStream<Character> {
    AsyncStream { continuation in
      guard isTerminal else {
        continuation.finish()
        return
      }
      let input = FileHandle.standardInput
      input.readabilityHandler = { handle in
        let data = handle.availableData
        if data.isEmpty { return continuation.finish() }
        for character in String(decoding: data, as: UTF8.self) { continuation.yield(character) }
      }
      continuation.onTermination = { _ in FileHandle.standardInput.readabilityHandler = nil }
    }
  }

  /// Gives the terminal back as it was.
  func restore() {
    if let saved { Console.stty([saved]) }
  }

  /// stty(1) works on its standard input, which it inherits.
  @discardableResult
  private static func stty(_ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = ["stty"] + arguments
    process.standardInput = FileHandle.standardInput
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    process.waitUntilExit()
    let text = String(decoding: output.fileHandleForReading.availableData, as: UTF8.self)
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}

import Application
import ArgumentParser
import Foundation

struct WatchCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "watch", abstract: "Print events as they happen.")
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let json = options.json
    try await options.client().events { line in
      guard line.hasPrefix("data: ") else { return }
      let text = String(line.dropFirst(6))
      guard !json, let event = try? JSONDecoder().decode(ServerEvent.self, from: Data(text.utf8)) else {
        print(text)
        return
      }
      let values = event.values.sorted { $0.key < $1.key }.map { "\($0.key)=\(Printable.text($0.value))" }
      print("\(event.time)  \(event.name)  \(values.joined(separator: "  "))")
    }
  }
}

/// Text from callers, safe for a terminal: control characters are shown, not sent.
enum Printable {
  static func text(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value) ? "\u{FFFD}" : scalar
        }))
  }
}

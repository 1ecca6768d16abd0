import Application
import ArgumentParser

struct DialCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dial", abstract: "Call a SIP address and bring it into a room.")
  @Argument(help: "A SIP URI.") var uri: String
  @Option(help: "The room.") var room: String
  @Option(help: "Address shown to the called party.") var from: String?
  @Option(name: .customLong("header"), help: "An extra header, 'X-Name: value'; repeatable.") var headers: [String] = []
  @Option(name: .customLong("context"), help: "Customer context, 'key=value'; repeatable.") var context: [String] = []
  @Option(help: "Seconds to ring.") var timeout: Int?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var body: [String: JSONValue] = ["uri": .text(uri), "room": .text(room)]
    if let from { body["from"] = .text(from) }
    if let timeout { body["timeout"] = .number(Double(timeout)) }
    if !headers.isEmpty { body["headers"] = .object(try pairs(headers, separator: ":", option: "--header")) }
    if !context.isEmpty { body["context"] = .object(try pairs(context, separator: "=", option: "--context")) }
    let data = try await options.client().call("POST", "calls", body: body)
    try options.show(CallDescription.self, data) { "\($0.id) \($0.state.rawValue) \($0.to)" }
  }

  private func pairs(_ texts: [String], separator: Character, option: String) throws -> [String: JSONValue] {
    var result: [String: JSONValue] = [:]
    for text in texts {
      guard let at = text.firstIndex(of: separator), at > text.startIndex else {
        throw ValidationError("\(option) '\(text)' has no '\(separator)' between name and value")
      }
      result[String(text[..<at])] = .text(String(text[text.index(after: at)...].drop { $0 == " " }))
    }
    return result
  }
}

import Application
import ArgumentParser

struct PlayCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "play", abstract: "Play prompts into a room.")
  @Argument var room: String
  @Argument(help: "Names of prompts, played in order.") var prompts: [String]
  @Option(help: "Only to this member.") var member: String?
  @Option(help: "Language of the prompts.") var language: String?
  @Flag(help: "Start over at the end, until stopped.") var loop = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    var body: [String: JSONValue] = ["prompts": .list(prompts.map(JSONValue.text)), "loop": .boolean(loop)]
    if let member { body["member"] = .text(member) }
    if let language { body["language"] = .text(language) }
    let data = try await options.client().call("POST", "rooms/\(room)/plays", body: body)
    try options.show(PlayDescription.self, data) { "playing \($0.id) in \($0.room)" }
  }
}

import Application
import ArgumentParser

struct CallsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "calls", abstract: "The calls that are up.")
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let data = try await options.client().call("GET", "calls")
    try options.show(Page<CallDescription>.self, data) { page in
      TextTable(
        header: ["CALL", "STATE", "FROM", "TO", "ROOM"],
        rows: page.items.map { [$0.id, $0.state.rawValue, $0.from, $0.to, $0.room ?? "-"] }
      ).text
    }
  }
}

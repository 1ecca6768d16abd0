import Application
import ArgumentParser

struct RoomsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "rooms", abstract: "The rooms that are open.")
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let data = try await options.client().call("GET", "rooms")
    try options.show(Page<RoomDescription>.self, data) { page in
      TextTable(
        header: ["ROOM", "MEMBERS", "RATE", "LOCKED", "RECORDING"],
        rows: page.items.map {
          [$0.name, "\($0.members.count)", "\($0.sampleRate)", $0.locked ? "yes" : "no", $0.recording ?? "-"]
        }
      ).text
    }
  }
}

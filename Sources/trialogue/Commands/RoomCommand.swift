import Application
import ArgumentParser

struct RoomCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "room", abstract: "Show or change a room.",
    subcommands: [Show.self, Create.self, Close.self, Lock.self, Unlock.self, MuteAll.self])

  struct Show: AsyncParsableCommand {
    @Argument var room: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let data = try await options.client().call("GET", "rooms/\(room)")
      try options.show(RoomDescription.self, data, RoomCommands.table)
    }
  }

  struct Create: AsyncParsableCommand {
    @Argument var room: String
    @Option(help: "Digits that callers must key in.") var pin: String?
    @Flag(help: "Record from the first member on.") var record = false
    @OptionGroup var options: ServerOptions
    func run() async throws {
      var body: [String: JSONValue] = ["name": .text(room)]
      if let pin { body["pin"] = .text(pin) }
      if record { body["record"] = .boolean(true) }
      let data = try await options.client().call("POST", "rooms", body: body)
      try options.show(RoomDescription.self, data, RoomCommands.table)
    }
  }

  struct Close: AsyncParsableCommand {
    @Argument var room: String
    @OptionGroup var options: ServerOptions
    @OptionGroup var confirmation: Confirmation
    func run() async throws {
      try confirmation.require("Close room \(room) and end its calls?")
      _ = try await options.client().call("DELETE", "rooms/\(room)")
    }
  }

  struct Lock: AsyncParsableCommand {
    @Argument var room: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      _ = try await options.client().call("PATCH", "rooms/\(room)", body: ["locked": .boolean(true)])
    }
  }

  struct Unlock: AsyncParsableCommand {
    @Argument var room: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      _ = try await options.client().call("PATCH", "rooms/\(room)", body: ["locked": .boolean(false)])
    }
  }

  struct MuteAll: AsyncParsableCommand {
    @Argument var room: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      _ = try await options.client().call("PATCH", "rooms/\(room)", body: ["allMuted": .boolean(true)])
    }
  }

  static func table(_ room: RoomDescription) -> String {
    let state = room.locked ? ", locked" : ""
    let recording = room.recording.map { ", recording \($0)" } ?? ""
    return "room \(room.name), \(room.sampleRate) Hz\(state)\(recording)\n"
      + TextTable(
        header: ["MEMBER", "NAME", "URI", "ROLE", "CODEC", "STATE"],
        rows: room.members.map { member in
          let flags = [
            member.talking ? "talking" : nil, member.muted ? "muted" : nil, member.held ? "held" : nil,
            member.masked ? "masked" : nil,
            member.deaf ? "deaf" : nil,
          ].compactMap { $0 }
          return [
            member.id, member.name, member.uri, member.role.rawValue, member.codec,
            flags.isEmpty ? "-" : flags.joined(separator: ","),
          ]
        }
      ).text
  }
}

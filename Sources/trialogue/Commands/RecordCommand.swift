import Application
import ArgumentParser

struct RecordCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Record a room.",
    subcommands: [Start.self, Stop.self, Pause.self, Resume.self])

  struct Start: AsyncParsableCommand {
    @Argument var room: String
    @Option(help: "wav or opus.") var format: String?
    @Flag(help: "A file per member as well.") var tracks = false
    @Flag(help: "The members' pictures as well, as WebM.") var video = false
    @OptionGroup var options: ServerOptions
    func run() async throws {
      var body: [String: JSONValue] = ["tracks": .boolean(tracks)]
      if video { body["video"] = .boolean(true) }
      if let format { body["format"] = .text(format) }
      let data = try await options.client().call("POST", "rooms/\(room)/recordings", body: body)
      try options.show(RecordingDescription.self, data, RecordCommands.line)
    }
  }

  struct Stop: AsyncParsableCommand {
    @Argument(help: "The recording's id, or the room.") var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws { try await RecordCommands.change(recording, "stop", options) }
  }

  struct Pause: AsyncParsableCommand {
    @Argument(help: "The recording's id, or the room.") var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws { try await RecordCommands.change(recording, "pause", options) }
  }

  struct Resume: AsyncParsableCommand {
    @Argument(help: "The recording's id, or the room.") var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws { try await RecordCommands.change(recording, "resume", options) }
  }

  static func line(_ recording: RecordingDescription) -> String {
    "\(recording.id) \(recording.state.rawValue) room \(recording.room)"
  }

  private static func change(_ name: String, _ action: String, _ options: ServerOptions) async throws {
    let client = try options.client()
    let room = try? await client.get(RoomDescription.self, "rooms/\(name)")
    let id = room?.recording ?? name
    let data = try await client.call("PATCH", "recordings/\(id)", body: ["action": .text(action)])
    try options.show(RecordingDescription.self, data, line)
  }
}

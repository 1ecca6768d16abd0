import ArgumentParser

/// The program: a server, its demo, and the verbs for a running server.
@main
struct Trialogue: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "trialogue", abstract: "A conference and media-applications server: a URI is a room.",
    version: ServerInstance.version,
    subcommands: [
      ServeCommand.self, DemoCommand.self, CheckCommand.self, DoctorCommand.self, StatusCommand.self,
      CallsCommand.self, RoomsCommand.self, RoomCommands.self, MemberCommands.self, DialCommand.self,
      PlayCommand.self, RecordCommands.self, RecordingsCommands.self, CodecsCommand.self, DrainCommand.self,
      WatchCommand.self, LoadTestCommand.self,
    ])
}

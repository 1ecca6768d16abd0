import ArgumentParser
import Foundation

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
      WatchCommand.self, CallCommand.self, LoadTestCommand.self, TranscodeCommand.self, FlowCommands.self,
      TokenCommands.self,
    ])

  /// Exit status of a command line that cannot be understood.
  static let usageStatus: Int32 = 2

  static func main() async {
    do {
      var command = try await asyncParseAsRoot()
      if var command = command as? any AsyncParsableCommand {
        try await command.run()
      } else {
        try command.run()
      }
    } catch {
      guard status(of: error) == usageStatus, exitCode(for: error) == .validationFailure else { exit(withError: error) }
      ConfigurationFile.complain(fullMessage(for: error))
      Foundation.exit(usageStatus)
    }
  }

  /// 0, 1 or 2 (usage), whatever the argument parser calls it.
  static func status(of error: any Error) -> Int32 {
    let code = exitCode(for: error)
    return code == .validationFailure ? usageStatus : code.rawValue
  }
}

import Application
import ArgumentParser

struct StatusCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "status", abstract: "How the server is.")
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let data = try await options.client().call("GET", "status")
    try options.show(ServerStatus.self, data) { status in
      """
      trialogue \(status.version), since \(status.started)\(status.draining ? ", draining" : "")
      \(status.rooms) rooms, \(status.members) members, \(status.calls) calls, \(status.recordings) recordings, \
      media load \(Int(status.load * 100)) %
      \(status.alerts.isEmpty ? "no alerts" : status.alerts.joined(separator: "\n"))
      """
    }
  }
}

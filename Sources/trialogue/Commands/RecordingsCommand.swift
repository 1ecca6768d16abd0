import Application
import ArgumentParser
import Crypto
import Foundation

struct RecordingsCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recordings", abstract: "The archive.",
    subcommands: [List.self, Show.self, Export.self, Verify.self, Purge.self], defaultSubcommand: List.self)

  struct List: AsyncParsableCommand {
    @Option var room: String?
    @Option(name: .customLong("context"), help: "Customer context, 'key=value'.") var context: String?
    @OptionGroup var options: ServerOptions
    func run() async throws {
      var query: [String] = []
      if let room { query.append("room=\(room)") }
      if let context, let at = context.firstIndex(of: "=") {
        query.append("contextKey=\(context[..<at])&contextValue=\(context[context.index(after: at)...])")
      }
      let path = "recordings" + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
      let data = try await options.client().call("GET", path)
      try options.show(Page<RecordingDescription>.self, data) { page in
        TextTable(
          header: ["RECORDING", "STARTED", "ROOM", "SECONDS", "STATE"],
          rows: page.items.map {
            [$0.id, $0.started, $0.room, "\(Double(Int($0.duration * 10)) / 10)", $0.state.rawValue]
          }
        ).text
      }
    }
  }

  struct Show: AsyncParsableCommand {
    @Argument var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let data = try await options.client().call("GET", "recordings/\(recording)")
      try options.show(RecordingDescription.self, data) { entry in
        """
        \(entry.id) \(entry.state.rawValue), room \(entry.room), \(entry.started), \(entry.duration) s
        parties: \(entry.parties.joined(separator: ", "))
        context: \(entry.context.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))
        \(entry.files.map { "\($0.name)  \($0.octets) octets  \($0.sha256)" }.joined(separator: "\n"))
        """
      }
    }
  }

  struct Export: AsyncParsableCommand {
    @Argument var recording: String
    @Option(help: "Directory to write to.") var to = "."
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let client = try options.client()
      let entry = try await client.get(RecordingDescription.self, "recordings/\(recording)")
      for file in entry.files {
        let data = try await client.call("GET", "recordings/\(recording)/files/\(file.name)")
        let path = "\(to)/\(entry.id)-\(file.name)"
        try data.write(to: URL(fileURLWithPath: path))
        print(path)
      }
    }
  }

  struct Verify: AsyncParsableCommand {
    @Argument var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let client = try options.client()
      let entry = try await client.get(RecordingDescription.self, "recordings/\(recording)")
      var wrong = 0
      for file in entry.files {
        let data = try await client.call("GET", "recordings/\(recording)/files/\(file.name)")
        let sum = SHA256.hash(data: data).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        let isRight = sum == file.sha256
        wrong += isRight ? 0 : 1
        print("\(file.name): \(isRight ? "unchanged" : "CHANGED since it was closed")")
      }
      if wrong > 0 { throw ExitCode(1) }
    }
  }

  struct Purge: AsyncParsableCommand {
    @Argument var recording: String
    @OptionGroup var options: ServerOptions
    @OptionGroup var confirmation: Confirmation
    func run() async throws {
      try confirmation.require("Delete recording \(recording) for good?")
      _ = try await options.client().call("DELETE", "recordings/\(recording)")
    }
  }
}

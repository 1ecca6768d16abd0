import Application
import ArgumentParser
import Conference
import Crypto
import Foundation
import Logging
import Runtime

struct RecordingsCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recordings", abstract: "The archive.",
    subcommands: [List.self, Show.self, Export.self, Verify.self, Repair.self, Purge.self], defaultSubcommand: List.self
  )

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
        told: \(entry.notices.map { "\($0.party) at \($0.heard) (\($0.prompt), \($0.language))" }.joined(separator: ", "))
        paused: \(entry.pauses.map { "\($0.from)–\($0.to.map { "\($0)" } ?? "")" }.joined(separator: ", "))
        masked: \(entry.masks.map { "\($0.party) \($0.from)–\($0.to.map { "\($0)" } ?? "")" }.joined(separator: ", "))
        context: \(entry.context.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ", "))
        \(entry.files.map { "\($0.name)  \($0.octets) octets  \($0.sha256)" }.joined(separator: "\n"))
        """
      }
    }
  }

  struct Export: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Copy a recording's files here, with what is known of it.")
    @Argument var recording: String
    @Option(help: "Directory to write to.") var to = "."
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let client = try options.client()
      let entry = try await client.get(RecordingDescription.self, "recordings/\(recording)")
      for file in entry.files {
        let path = "\(to)/\(entry.id)-\(file.name)"
        guard FileManager.default.createFile(atPath: path, contents: nil),
          let target = FileHandle(forWritingAtPath: path)
        else { throw APIFailure(message: "'\(path)' cannot be written; --to names another directory") }
        try await client.file(file.name, of: recording, octets: file.octets) { try target.write(contentsOf: $0) }
        try target.close()
        print(path)
      }
      let path = "\(to)/\(entry.id)-recording.json"
      try await client.call("GET", "recordings/\(recording)").write(to: URL(fileURLWithPath: path))
      print(path)
    }
  }

  struct Verify: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Compute the SHA-256 of every file again.",
      discussion: "Ends with 1 if a file is no longer what it was when it was closed.")
    @Argument var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let client = try options.client()
      let entry = try await client.get(RecordingDescription.self, "recordings/\(recording)")
      guard !entry.files.isEmpty else {
        throw APIFailure(message: "Recording \(recording) has no closed files yet; it is \(entry.state.rawValue)")
      }
      var wrong = 0
      for file in entry.files {
        var hash = SHA256()
        let verdict: String
        do {
          let count = try await client.file(file.name, of: recording, octets: file.octets) { hash.update(data: $0) }
          let sum = hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
          verdict = sum == file.sha256 && count == file.octets ? "unchanged" : "CHANGED since it was closed"
        } catch let failure as APIFailure { verdict = "MISSING: \(failure.message)" }
        wrong += verdict == "unchanged" ? 0 : 1
        print("\(file.name): \(verdict)")
      }
      if wrong > 0 { throw ExitCode(1) }
    }
  }

  struct Repair: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Repair and index an archive without its server.",
      discussion: "A server does the same at its start. Refused while one runs: its growing files need no repair.")
    @Option(help: "The YAML file that names the archive.") var config: String?
    @Option(help: "The archive itself.") var directory: String?
    func run() async throws {
      let settings = try ConfigurationFile.read(config).recording
      let opening = try await ArchiveOpening.open(
        root: directory ?? settings.directory, spill: directory == nil ? settings.spill : nil, clock: SystemTime(),
        logger: Logger(label: "trialogue"))
      await opening.close()
      for recording in opening.report.recordings {
        for file in recording.files {
          print("\(recording.directory)/\(file.name): \(Double(file.samples) / Double(max(file.sampleRate, 1))) s")
        }
      }
      print("\(opening.report.recordings.count) recordings repaired, \(opening.report.failed.count) could not be")
      if !opening.report.failed.isEmpty { throw ExitCode(1) }
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

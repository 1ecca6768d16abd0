import Application
import ArgumentParser
import Conference
import Foundation
import Logging
import Runtime

struct RecordingsCommands: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "recordings", abstract: "The archive.",
    subcommands: [
      RecordingsList.self, Show.self, Tag.self, Hold.self, Release.self, Accesses.self, RecordingsExport.self,
      RecordingsVerify.self, RecordingsDecrypt.self, Repair.self, Purge.self,
    ], defaultSubcommand: RecordingsList.self)

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
        tags: \(entry.tags.joined(separator: ", "))\(entry.legalHold ? "; under legal hold" : "")
        sealed: \(entry.seal.map { "line \($0.number) of the ledger, \($0.hash)" } ?? "not yet")
        \(entry.files.map { "\($0.name)  \($0.octets) octets  \($0.sha256)" }.joined(separator: "\n"))
        """
      }
    }
  }

  struct Tag: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Set a recording's tags; none given: take them off.")
    @Argument var recording: String
    @Argument var tags: [String] = []
    @OptionGroup var options: ServerOptions
    func run() async throws {
      _ = try await options.client().call(
        "PATCH", "recordings/\(recording)", body: ["tags": .list(tags.map { .text($0) })])
    }
  }

  struct Hold: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Put a recording under legal hold: nothing deletes it.")
    @Argument var recording: String
    @Option(help: "Why, for the ledger.") var reason: String?
    @OptionGroup var options: ServerOptions
    func run() async throws {
      var body: [String: JSONValue] = ["legalHold": .boolean(true)]
      if let reason { body["reason"] = .text(reason) }
      _ = try await options.client().call("PATCH", "recordings/\(recording)", body: body)
    }
  }

  struct Release: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Release a recording from legal hold.")
    @Argument var recording: String
    @Option(help: "Why, for the ledger.") var reason: String?
    @OptionGroup var options: ServerOptions
    @OptionGroup var confirmation: Confirmation
    func run() async throws {
      try confirmation.require("Release recording \(recording)? It may be deleted then.")
      var body: [String: JSONValue] = ["legalHold": .boolean(false)]
      if let reason { body["reason"] = .text(reason) }
      _ = try await options.client().call("PATCH", "recordings/\(recording)", body: body)
    }
  }

  struct Accesses: AsyncParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Who listened to a recording, or took it along.")
    @Argument var recording: String
    @OptionGroup var options: ServerOptions
    func run() async throws {
      let data = try await options.client().call("GET", "recordings/\(recording)/accesses")
      try options.show(Page<RecordingAccess>.self, data) { page in
        TextTable(
          header: ["WHEN", "WHO", "WHAT", "FILE"], rows: page.items.map { [$0.at, $0.by, $0.kind.rawValue, $0.file] }
        ).text
      }
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
        root: directory ?? settings.directory, spill: directory == nil ? settings.spill : nil, keys: settings.keys,
        clock: SystemTime(),
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
    static let configuration = CommandConfiguration(
      abstract: "Delete recordings for good.", discussion: "A line of the ledger stays. What is under legal hold stays."
    )
    @Argument var recordings: [String]
    @OptionGroup var options: ServerOptions
    @OptionGroup var confirmation: Confirmation
    func run() async throws {
      let what = recordings.count == 1 ? "recording \(recordings[0])" : "\(recordings.count) recordings"
      try confirmation.require("Delete \(what) for good?")
      let client = try options.client()
      for recording in recordings { _ = try await client.call("DELETE", "recordings/\(recording)") }
    }
  }
}

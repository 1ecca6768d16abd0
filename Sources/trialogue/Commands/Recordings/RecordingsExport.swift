import Application
import ArgumentParser
import Foundation

struct RecordingsExport: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Copy a recording's files here, with what is known of it.")

  @Argument var recording: String
  @Option(help: "Directory to write to.") var to = "."
  @Flag(help: "One tar file with a manifest of SHA-256.") var tar = false
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let client = try options.client()
    let entry = try await client.get(RecordingDescription.self, "recordings/\(recording)")
    if tar {
      let path = "\(to)/\(entry.id).tar"
      try await client.download("recordings/\(recording)/export", to: path)
      print(path)
      return
    }
    for file in entry.files {
      let path = "\(to)/\(entry.id)-\(file.name)"
      guard FileManager.default.createFile(atPath: path, contents: nil),
        let target = FileHandle(forWritingAtPath: path)
      else { throw APIFailure(message: "'\(path)' cannot be written; --to names another directory") }
      try await client.file(file.name, of: recording, octets: file.octets, isDownload: true) {
        try target.write(contentsOf: $0)
      }
      try target.close()
      print(path)
    }
    let path = "\(to)/\(entry.id)-recording.json"
    try await client.call("GET", "recordings/\(recording)").write(to: URL(fileURLWithPath: path))
    print(path)
  }
}

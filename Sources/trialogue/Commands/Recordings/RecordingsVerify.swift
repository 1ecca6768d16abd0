import Application
import ArgumentParser
import Crypto
import Foundation

struct RecordingsVerify: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Find what was removed, altered or put in another order.",
    discussion: """
      Without a recording the server examines its whole archive: ledger, recordings, files and index. With one, the \
      SHA-256 of its files is computed again here. Ends with 1 if anything is not as it was left.
      """)

  @Argument var recording: String?
  @Option(help: "The end of the ledger that was noted before, NUMBER:HASH: is it still there?") var head: String?
  @OptionGroup var options: ServerOptions

  func run() async throws {
    let client = try options.client()
    if let recording { return try await verify(recording, client) }
    var body: [String: JSONValue] = [:]
    if let head {
      let parts = head.split(separator: ":", maxSplits: 1)
      guard parts.count == 2, let number = Int(parts[0]) else {
        throw ValidationError("--head is NUMBER:HASH, as this command prints it")
      }
      body = ["number": .number(Double(number)), "hash": .text(String(parts[1]))]
    }
    let before = try await client.get(ArchiveVerification.self, "verification")
    _ = try await client.call("POST", "verification", body: body)
    var report = try await client.get(ArchiveVerification.self, "verification")
    while report.state != .done || report.started == before.started {
      try await Task.sleep(for: .milliseconds(200))
      report = try await client.get(ArchiveVerification.self, "verification")
    }
    if options.json {
      print(String(decoding: try await client.call("GET", "verification"), as: UTF8.self))
    } else {
      for finding in report.findings { print("\(finding.kind.rawValue): \(finding.detail)") }
      for remark in report.remarks { print("remark: \(remark.detail)") }
      if report.omitted > 0 { print("… and \(report.omitted) more") }
      let verdict = report.isClean ? "as they were left" : "\(report.findings.count + report.omitted) findings"
      print(
        "\(report.lines) lines of the ledger, \(report.recordings) recordings, \(report.files) files,"
          + " \(report.octets) octets: \(verdict)")
      if let head = report.head { print("end of the ledger: \(head.number):\(head.hash)") }
    }
    if !report.isClean { throw ExitCode(1) }
  }

  private func verify(_ recording: String, _ client: APIClient) async throws {
    let entry = try await client.get(RecordingDescription.self, "recordings/\(recording)")
    guard !entry.files.isEmpty else {
      throw APIFailure(message: "Recording \(recording) has no closed files yet; it is \(entry.state.rawValue)")
    }
    var wrong = 0
    for file in entry.files {
      var hash = SHA256()
      let verdict: String
      do {
        let count = try await client.file(file.name, of: recording, octets: file.octets, isDownload: true) {
          hash.update(data: $0)
        }
        let sum = hash.finalize().map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
        verdict = sum == file.sha256 && count == file.octets ? "unchanged" : "CHANGED since it was closed"
      } catch let failure as APIFailure { verdict = "MISSING: \(failure.message)" }
      wrong += verdict == "unchanged" ? 0 : 1
      print("\(file.name): \(verdict)")
    }
    if wrong > 0 { throw ExitCode(1) }
  }
}

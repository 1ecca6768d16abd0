import ArgumentParser
import Foundation
import Testing

@testable import trialogue

/// Exit 0, 1 or 2 (usage).
@Suite struct UsageTests {
  private func status(_ arguments: [String]) -> Int32 {
    do {
      _ = try Trialogue.parseAsRoot(arguments)
      return -1
    } catch {
      return Trialogue.status(of: error)
    }
  }

  @Test func aLineThatCannotBeUnderstoodIs2() {
    for line in [
      ["unknown"], ["serve", "--unknown"], ["check"], ["room", "show"], ["member", "mute", "3000"],
      ["loadtest"], ["loadtest", "sip:a@b", "--codec", "mp3"], ["loadtest", "sip:a@b", "--duration", "x"],
      ["loadtest", "sip:a@b", "--pattern", "some"], ["loadtest", "sip:a@b", "--rooms", "0"],
      ["call", "sip:a@b", "--transport", "sctp"], ["loadtest", "--plan", "f", "--transport", "ws"],
      ["dial", "sip:a@b"], ["recordings", "purge"], ["transcode", "a.wav"], ["transcode", "a.wav", "b.mp3"],
      ["transcode", "a.wav", "a.wav"], ["transcode", "a.wav", "b.wav", "--to", "d"],
      ["transcode", "a.wav", "b.gsm", "--jobs", "0"], ["token", "mint"],
      ["token", "mint", "--widget", "a", "--origin", "https://a.example"],
      [
        "token", "mint", "--widget", "a", "--origin", "https://a.example", "--secret-file", "f", "--private-key-file",
        "g",
      ],
      ["token", "mint", "--widget", "a", "--origin", "https://a.example", "--secret-file", "f", "--context", "x"],
    ] {
      #expect(status(line) == 2, "\(line)")
    }
  }

  @Test func helpAndVersionAre0() {
    #expect(Trialogue.status(of: CleanExit.helpRequest()) == 0)
    #expect(Trialogue.status(of: CleanExit.message("Nothing done.")) == 0)
    #expect(status(["--version"]) == 0)
  }

  @Test func linesThatAreRightAreTaken() throws {
    for line in [
      ["serve"], ["serve", "--config", "f", "--log-level", "debug"], ["demo", "--public"], ["demo", "--self-test"],
      ["check", "f", "--print-effective"], ["room", "create", "x", "--pin", "1", "--record"],
      ["member", "move", "a", "m1", "--to", "b"], ["record", "start", "x", "--format", "opus", "--tracks"],
      ["recordings"], ["recordings", "list", "--room", "x"], ["drain", "--yes"], ["codecs", "--json"],
      ["transcode", "a.wav", "b.opus", "--bit-rate", "24000"],
      ["transcode", "a", "b", "--to", "d", "--codec", "amr-wb"],
      ["loadtest", "sip:a@b", "--codec", "pcmu,opus"], ["loadtest", "--plan", "f"],
      ["call", "sip:a@b", "--transport", "ws"], ["loadtest", "sip:a@b", "--webrtc", "--transport", "ws"],
    ] {
      #expect(status(line) == -1, "\(line)")
    }
  }

  @Test func aFileThatIsMissingOrWrongIs2() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    func check(_ path: String) -> Int32? {
      do {
        let command = try CheckCommand.parse([path])
        try command.run()
        return 0
      } catch {
        return Trialogue.status(of: error)
      }
    }
    #expect(check(folder.appending(path: "none.yaml").path) == 2)
    let path = folder.appending(path: "f.yaml")
    try Data("server:\n  domian: x\n".utf8).write(to: path)
    #expect(check(path.path) == 2)
    try Data("server:\n  domain: x\n".utf8).write(to: path)
    #expect(check(path.path) == 0)
  }

  @Test func aRunThatTheGeneratorSpoiltIsUnsound() {
    var report = LoadReport(target: "t", codec: "pcmu", media: "rtp", pattern: "all", rooms: 1, calls: 1, answered: 1)
    report.levels = [LoadReport.Level(room: 0, member: 0, speaks: true, level: -20)]
    #expect(report.isSound && !report.isVoid)
    // A browser without keys hears nothing.
    report.secured = 0
    #expect(!report.isSound && !report.isVoid)
    report.secured = 1
    #expect(report.isSound)
    report.stalls = 1
    #expect(!report.isSound && report.isVoid)
    report.stalls = 0
    report.ownDrops = 1
    #expect(!report.isSound && report.isVoid)
    report.ownDrops = 0
    report.levels = []
    #expect(!report.isSound && !report.isVoid)
  }
}

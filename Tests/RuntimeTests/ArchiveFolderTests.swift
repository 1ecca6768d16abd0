import Primitives
import Testing

@testable import Runtime

@Suite struct ArchiveFolderTests {
  @Test func aFileIsReplacedWholeAndWhatACrashLeftIsNoObstacle() async throws {
    let scratch = try Scratch()
    let folder = try ArchiveFolder(root: scratch.path)
    try scratch.write(Array("half".utf8), "2026/01/01/a/recording.json.new")
    try await folder.write(Array("first, and longer".utf8), to: "recording.json", in: "2026/01/01/a")
    try await folder.write(Array("second".utf8), to: "recording.json", in: "2026/01/01/a")
    #expect(try scratch.bytes("2026/01/01/a/recording.json") == Array("second".utf8))
    #expect(scratch.files == ["2026/01/01/a/recording.json"])
    folder.stop()
  }

  @Test func nothingLeadsOutOfTheRoot() async throws {
    let scratch = try Scratch()
    let folder = try ArchiveFolder(root: scratch.path + "/root")
    await #expect(throws: SystemError.self) { try await folder.write([1], to: "x", in: "../elsewhere") }
    await #expect(throws: SystemError.self) { try await folder.write([1], to: "../../x", in: "a") }
    #expect(scratch.files == [])
    folder.stop()
  }

  @Test func aFileInTheRootGrowsFromAPlaceAndLosesWhatWasBehindIt() async throws {
    let scratch = try Scratch()
    let folder = try ArchiveFolder(root: scratch.path)
    try await folder.write(Array("first\nhalf".utf8), to: "ledger.jsonl", at: 0)
    try await folder.write(Array("second\n".utf8), to: "ledger.jsonl", at: 6)
    #expect(try scratch.bytes("ledger.jsonl") == Array("first\nsecond\n".utf8))
    try await folder.write(Array("x".utf8), to: "ledger.jsonl", at: 6)
    #expect(try scratch.bytes("ledger.jsonl") == Array("first\nx".utf8))
    await #expect(throws: SystemError.self) { try await folder.write([1], to: "../x", at: 0) }
    folder.stop()
  }

  @Test func lengthAndSumOfAFileAreRead() async throws {
    let scratch = try Scratch()
    let folder = try ArchiveFolder(root: scratch.path)
    try scratch.write(Array("abc".utf8), "a/mix.wav")
    let (octets, sum) = try await folder.digest(of: "mix.wav", in: "a")
    // FIPS 180-4, the example of one block.
    #expect(octets == 3 && sum == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    for (name, directory) in [("2.wav", "a"), ("mix.wav", "b"), ("../a/mix.wav", "a"), ("mix.wav", "../a")] {
      await #expect(throws: SystemError.self) { try await folder.digest(of: name, in: directory) }
    }
    folder.stop()
  }

  @Test func whatComesAfterTheStopIsWrittenAllTheSame() async throws {
    let scratch = try Scratch()
    let folder = try ArchiveFolder(root: scratch.path)
    folder.stop()
    try await folder.write([1], to: "x", in: "a")
    #expect(scratch.files == ["a/x"])
  }

  @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount"))
  func onAFullDiskTheFormerFileStaysWhole() async throws {
    let disk = try #require(TinyDisk(kibibytes: 128))
    let folder = try ArchiveFolder(root: disk.scratch.path)
    try await folder.write(Array("former".utf8), to: "recording.json", in: "a")
    let large = [UInt8](repeating: 1, count: 1 << 20)
    await #expect(throws: SystemError.self) { try await folder.write(large, to: "recording.json", in: "a") }
    #expect(disk.scratch.files == ["a/recording.json"])
    #expect(try disk.scratch.bytes("a/recording.json") == Array("former".utf8))
    folder.stop()
  }

  @Test func aRootBelongsToOneServerAtATime() throws {
    let scratch = try Scratch()
    do {
      let first = try ArchiveLock(root: scratch.path)
      #expect {
        _ = try ArchiveLock(root: scratch.path)
      } throws: {
        ($0 as? SystemError)?.isBusy == true
      }
      withExtendedLifetime(first) {}
    }
    _ = try ArchiveLock(root: scratch.path)
    #expect(scratch.files == [".lock"])
  }
}

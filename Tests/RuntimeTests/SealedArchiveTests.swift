import Audio
import Conference
import Primitives
import Testing

@testable import Runtime

/// The archive with a key: written, repaired, examined and drawn as without one.
@Suite struct SealedArchiveTests {
  private static func settings(_ scratch: Scratch) throws -> RuntimeSettings {
    RuntimeSettings(recordingsRoot: scratch.path, keys: try SealedFileTests.keys())
  }

  private static func content(_ scratch: Scratch, _ name: String) throws -> [UInt8] {
    let file = try OpenDirectory(root: scratch.path).directory("d", create: false)
      .open(name, keys: SealedFileTests.keys())
    #expect(file.isSealed)
    return try file.read(Int(file.size), at: 0)
  }

  @Test func aRecordingIsSealedAndItsSumsAreOfWhatItHolds() async throws {
    let scratch = try Scratch()
    var bench = try FileWriterTests.Bench(Self.settings(scratch))
    let id = RecordingID("0123-ab")
    let mix = RecordingFile(recording: id, index: 0)
    bench.write(
      .open(id, directory: "d"), .create(mix, name: "mix.wav"), .append(mix, Array("head".utf8)),
      .append(mix, [1, 2, 3]), .zeros(mix, 5), .append(mix, [4]), .patch(mix, offset: 0, octets: Array("HEAD".utf8)),
      .finish(id, files: [FileWriterTests.file("mix.wav")]))
    let (files, failures) = await bench.finished()
    bench.writer.stop()
    let wanted = Array("HEAD".utf8) + [1, 2, 3, 0, 0, 0, 0, 0, 4]
    #expect(failures == [] && files.map(\.octets) == [13])
    #expect(files.map(\.sha256) == [FileWriterTests.hex(wanted)])
    #expect(try Self.content(scratch, "mix.wav") == wanted)
    let folder = try ArchiveFolder(root: scratch.path, keys: SealedFileTests.keys())
    let (octets, sum) = try await folder.digest(of: "mix.wav", in: "d")
    #expect(octets == 13 && sum == FileWriterTests.hex(wanted))
    let reader = try #require(try await folder.open("mix.wav", in: "d"))
    #expect(reader.octets == 13)
    #expect(try await reader.read(4, at: 3) == Array(wanted[3..<7]))
    var changed = try scratch.bytes("d/mix.wav")
    changed[100] ^= 1
    try scratch.write(changed, "d/mix.wav")
    #expect(try await folder.digest(of: "mix.wav", in: "d").sha256.isEmpty)
    folder.stop()
    let stranger = try ArchiveFolder(root: scratch.path)
    await #expect(throws: SystemError.self) { try await stranger.digest(of: "mix.wav", in: "d") }
    stranger.stop()
  }

  /// A sealed `.part` as a crash leaves it, of a WAV written in pieces.
  private static func part(_ scratch: Scratch, samples: Int) throws {
    let whole = ArchiveRepairTests.wav(samples: samples)
    let file = try OpenDirectory(root: scratch.path).directory("d", create: true)
      .create("mix.wav.part", keys: SealedFileTests.keys())
    for start in stride(from: 0, to: whole.count, by: 1_000) {
      try file.write(Array(whole[start..<min(start + 1_000, whole.count)]), at: Int64(start))
    }
  }

  @Test func killedAnywhereASealedFileIsWholeToItsLastRecord() throws {
    let scratch = try Scratch()
    try Self.part(scratch, samples: 4_000)
    let whole = try scratch.bytes("d/mix.wav.part")
    var random = RandomSource.seeded(3)
    for _ in 0..<20 {
      let length = Int.random(in: 1_200...whole.count, using: &random)
      let scratch = try Scratch()
      try scratch.write(Array(whole[..<length]), "d/mix.wav.part")
      let report = try ArchiveRepair.run(root: scratch.path, keys: SealedFileTests.keys())
      #expect(report.failed.isEmpty && report.unreadable.isEmpty)
      let bytes = try Self.content(scratch, "mix.wav")
      let clip = try WAVReader.parse(bytes)
      let records = (length - SealedHeader.count) / (1_000 + SealedRecord.overhead)
      #expect(clip.samples.count >= (1_000 * records - 80) / 2)
      #expect(clip.samples == (0..<clip.samples.count).map { Int16(truncatingIfNeeded: $0) })
      let file = try #require(report.recordings.first?.files.first)
      #expect(file.octets == Int64(bytes.count) && file.sha256 == FileWriterTests.hex(bytes))
      #expect(try ArchiveRepair.run(root: scratch.path, keys: SealedFileTests.keys()).recordings == [])
      #expect(
        ArchiveRepair.inspect(root: scratch.path, directory: "d", keys: try SealedFileTests.keys()) == [file])
    }
  }

  @Test func withoutItsKeyAFileWaitsForIt() throws {
    let scratch = try Scratch()
    try Self.part(scratch, samples: 400)
    let report = try ArchiveRepair.run(root: scratch.path)
    #expect(report.failed["d/mix.wav.part"]?.contains("Required key not available") == true)
    #expect(scratch.files == ["d/mix.wav.part"])
    #expect(try ArchiveRepair.run(root: scratch.path, keys: SealedFileTests.keys()).recordings.count == 1)
  }

  @Test func whatIsSpilledIsSealedAndComesBack() throws {
    let scratch = try Scratch()
    try Self.part(scratch, samples: 400)
    let directory = try OpenDirectory(root: scratch.path).directory("d", create: false)
    let file = try directory.open("mix.wav.part", keys: SealedFileTests.keys(), recovering: true)
    let spilled = Array("spilled octets that nobody may read".utf8)
    let spill = try #require(
      SpillFile.create(for: "d/mix.wav.part", in: try OpenDirectory(root: scratch.path + "/spill")))
    #expect(spill.append(try file.detached(spilled, at: 880), offset: 880))
    let name = try #require(scratch.files.last)
    let kept = try scratch.bytes(name)
    #expect(!kept.indices.dropLast(8).contains { kept[$0..<$0 + 8].elementsEqual(spilled.prefix(8)) })
    let report = try ArchiveRepair.run(
      root: scratch.path, spill: scratch.path + "/spill", keys: SealedFileTests.keys())
    #expect(report.unspilled == ["d/mix.wav.part"])
    let found = try Self.content(scratch, "mix.wav")
    #expect(found.dropFirst(880).prefix(34).elementsEqual(spilled.prefix(34)))
    #expect(scratch.files == ["d/mix.wav"])
  }

  @Test func theWaveFormOfASealedMixIsSealed() throws {
    let scratch = try Scratch()
    try Self.part(scratch, samples: 4_000)
    let keys = try SealedFileTests.keys()
    _ = try ArchiveRepair.run(root: scratch.path, keys: keys)
    try PeakFile.make(in: OpenDirectory(root: scratch.path + "/d"), keys: keys) { false }
    #expect(String(decoding: try Self.content(scratch, "peaks.json"), as: UTF8.self).contains("\"sample_rate\":16000"))
  }

  @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount"))
  func aFullDiskCostsWhatItRefusedAndTheFileStaysGood() throws {
    let disk = try #require(TinyDisk(kibibytes: 64))
    let directory = try OpenDirectory(root: disk.scratch.path)
    var file = try WriterFile(name: "mix.wav", in: directory, keys: SealedFileTests.keys())
    var refused = 0
    let piece = [UInt8](repeating: 7, count: 3_000)
    for _ in 0..<30 where file.append(piece, spilling: { _ in nil }) != nil { refused += 1 }
    #expect(refused > 5 && file.dropped == Int64(refused * 3_000))
    let half = try directory.open("mix.wav.part", keys: SealedFileTests.keys(), recovering: true)
    #expect(half.size >= Int64((30 - refused) * 3_000))
    let found = try half.read(Int(half.size), at: 0)
    #expect(found.filter { $0 == 7 }.count == (30 - refused) * 3_000)
  }
}

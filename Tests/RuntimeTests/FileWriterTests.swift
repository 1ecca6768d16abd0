import Audio
import Conference
import Crypto
import Primitives
import Testing

@testable import Runtime

@Suite struct FileWriterTests {
  static let room = RoomID(7)

  static func file(_ name: String, _ leg: LegID? = nil) -> RecordedFile {
    RecordedFile(name: name, leg: leg, samples: 0, sampleRate: 8_000, octets: 0, sha256: "", droppedOctets: 0)
  }

  static func hex(_ bytes: [UInt8]) -> String {
    SHA256.hash(data: bytes).map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
  }

  /// A writer and what it answers.
  struct Bench {
    let writer: FileWriter
    var answers: AsyncStream<RecordingOutcome>.Iterator

    init(_ settings: RuntimeSettings) throws {
      let (stream, continuation) = AsyncStream.makeStream(of: RecordingOutcome.self)
      writer = try FileWriter(settings: settings) { _, outcome in continuation.yield(outcome) }
      answers = stream.makeAsyncIterator()
    }

    func write(_ steps: RecordingWrite...) {
      for step in steps { writer.enqueue(step, room: FileWriterTests.room) }
      writer.flush(at: MonotonicClock.now)
    }

    /// The files of the recording that ends next, and the failures told before.
    mutating func finished() async -> (files: [RecordedFile], failures: [String]) {
      var failures: [String] = []
      while let outcome = await answers.next() {
        switch outcome {
        case .opened: continue
        case .failed(_, let reason, let ended):
          failures.append(reason)
          if ended { return ([], failures) }
        case .finished(_, let files): return (files, failures)
        }
      }
      return ([], failures)
    }
  }

  @Test func aRecordingIsWrittenPatchedHashedAndRenamed() async throws {
    let scratch = try Scratch()
    var bench = try Bench(RuntimeSettings(recordingsRoot: scratch.path + "/deep/archive"))
    let id = RecordingID("0123-ab")
    let mix = RecordingFile(recording: id, index: 0)
    let track = RecordingFile(recording: id, index: 1)
    bench.write(
      .open(id, directory: "2026/11/24/0123-ab"), .create(mix, name: "mix.wav"), .append(mix, Array("head".utf8)),
      .append(mix, [1, 2, 3]), .zeros(mix, 5), .append(mix, [4]), .create(track, name: "9.opus"),
      .append(track, Array("OggS".utf8)), .patch(mix, offset: 0, octets: Array("HEAD".utf8)),
      .finish(id, files: [Self.file("mix.wav"), Self.file("9.opus", LegID(9))]))
    let (files, failures) = await bench.finished()
    #expect(failures == [])
    let wanted = Array("HEAD".utf8) + [1, 2, 3, 0, 0, 0, 0, 0, 4]
    let root = "deep/archive/2026/11/24/0123-ab/"
    #expect(try scratch.bytes(root + "mix.wav") == wanted)
    #expect(scratch.files == [root + "9.opus", root + "mix.wav"])
    #expect(files.map(\.octets) == [13, 4])
    #expect(files.map(\.sha256) == [Self.hex(wanted), Self.hex(Array("OggS".utf8))])
    #expect(files.map(\.droppedOctets) == [0, 0])
    #expect(files.last?.leg == LegID(9))
    bench.writer.stop()
  }

  @Test(arguments: ["../outside", "/etc/trialogue", "a/../../outside", "link/inside"])
  func noPathLeadsOutOfTheRoot(path: String) async throws {
    let scratch = try Scratch()
    try scratch.write([], "elsewhere/x")
    try scratch.write([], "root/x")
    try scratch.link("elsewhere", at: "root/link")
    var bench = try Bench(RuntimeSettings(recordingsRoot: scratch.path + "/root"))
    bench.write(.open(RecordingID("x"), directory: path))
    let (_, failures) = await bench.finished()
    #expect(failures.count == 1)
    #expect(scratch.files.filter { $0.hasSuffix("/x") }.count >= 2)
    #expect(!scratch.exists("outside"))
    #expect(!scratch.exists("elsewhere/inside"))
    bench.writer.stop()
  }

  @Test func noNameLeadsOutOfItsDirectory() async throws {
    let scratch = try Scratch()
    var bench = try Bench(RuntimeSettings(recordingsRoot: scratch.path + "/root"))
    let id = RecordingID("x")
    bench.write(.open(id, directory: "d"), .create(RecordingFile(recording: id, index: 0), name: "../../evil.wav"))
    let (_, failures) = await bench.finished()
    #expect(failures.count == 1)
    #expect(!scratch.exists("evil.wav.part"))
    bench.writer.stop()
  }

  @Test func nothingIsStartedOnAFullDisk() async throws {
    let scratch = try Scratch()
    var bench = try Bench(
      RuntimeSettings(recordingsRoot: scratch.path, warnFreeShare: 1.1, minimumFreeShare: 1.1))
    bench.write(.open(RecordingID("x"), directory: "d"))
    let (_, failures) = await bench.finished()
    #expect(failures.count == 1)
    #expect(scratch.files == [])
    var alarms = bench.writer.alarms.makeAsyncIterator()
    guard case .spaceLow = await alarms.next() else {
      Issue.record("low space is an alarm")
      return
    }
    guard case .recordingFailed = await alarms.next() else {
      Issue.record("a refused recording is an alarm")
      return
    }
    bench.writer.stop()
  }

  @Test func stoppingClosesWhatWasAskedToEnd() async throws {
    let scratch = try Scratch()
    var bench = try Bench(RuntimeSettings(recordingsRoot: scratch.path))
    for number in 0..<20 {
      let id = RecordingID("r\(number)")
      let file = RecordingFile(recording: id, index: 0)
      bench.write(
        .open(id, directory: "\(number)"), .create(file, name: "mix.wav"),
        .append(file, Array(repeating: 1, count: 100_000)), .finish(id, files: [Self.file("mix.wav")]))
    }
    bench.writer.stop()
    for _ in 0..<20 { #expect(await bench.finished().files.first?.octets == 100_000) }
    #expect(scratch.files.count == 20)
    #expect(scratch.files.allSatisfy { $0.hasSuffix("mix.wav") })
  }

  @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount"))
  func aFullDiskCostsOctetsButNeitherTimeNorLength() async throws {
    let disk = try #require(TinyDisk(kibibytes: 256))
    var bench = try Bench(RuntimeSettings(recordingsRoot: disk.scratch.path, minimumFreeShare: 0))
    let id = RecordingID("full")
    let mix = RecordingFile(recording: id, index: 0)
    let track = RecordingFile(recording: id, index: 1)
    bench.write(.open(id, directory: "d"), .create(mix, name: "mix.wav"), .create(track, name: "1.opus"))
    for _ in 0..<100 {
      bench.write(.append(mix, Array(repeating: 7, count: 6_400)), .append(track, Array(repeating: 8, count: 640)))
    }
    bench.write(.finish(id, files: [Self.file("mix.wav"), Self.file("1.opus")]))
    let (files, failures) = await bench.finished()
    #expect(failures.count == 1, "the room is told once")
    let wav = try #require(files.first)
    let opus = try #require(files.last)
    #expect(wav.octets == 640_000, "dropped samples are silence, not a shorter recording")
    #expect(wav.droppedOctets > 300_000)
    #expect(opus.octets + opus.droppedOctets == 64_000)
    let bytes = try disk.scratch.bytes("d/mix.wav")
    #expect(Int64(bytes.count { $0 == 7 }) == 640_000 - wav.droppedOctets)
    #expect(wav.sha256 == Self.hex(bytes))
    #expect(try disk.scratch.bytes("d/1.opus").allSatisfy { $0 == 8 })
    var alarms = bench.writer.alarms.makeAsyncIterator()
    var kinds: Set<String> = []
    bench.writer.stop()
    while let alarm = await alarms.next() {
      if case .writeFailed(_, _, let spilled) = alarm { kinds.insert(spilled ? "spilled" : "failed") }
    }
    #expect(kinds == ["failed"])
  }

  @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount"))
  func whatAFullDiskRefusesIsSpilledAndPutBackWhenThereIsSpace() async throws {
    let disk = try #require(TinyDisk(kibibytes: 512))
    let spill = try Scratch()
    try disk.scratch.write(Array(repeating: 0, count: 400_000), "ballast")
    var bench = try Bench(
      RuntimeSettings(recordingsRoot: disk.scratch.path, spillDirectory: spill.path, minimumFreeShare: 0))
    let id = RecordingID("spilled")
    let mix = RecordingFile(recording: id, index: 0)
    bench.write(.open(id, directory: "a/b"), .create(mix, name: "mix.opus"))
    var wanted: [UInt8] = []
    for number in 0..<100 {
      let chunk = Array(repeating: UInt8(number), count: 3_000)
      wanted += chunk
      bench.write(.append(mix, chunk))
    }
    var alarms = bench.writer.alarms.makeAsyncIterator()
    var isSpilled = false
    while !isSpilled, let alarm = await alarms.next() {
      if case .writeFailed(_, _, let spilled) = alarm { isSpilled = spilled }
    }
    // Somebody makes room.
    disk.scratch.remove("ballast")
    bench.write(.finish(id, files: [Self.file("mix.opus")]))
    let (files, failures) = await bench.finished()
    #expect(failures == [])
    #expect(files.first?.droppedOctets == 0)
    #expect(try disk.scratch.bytes("a/b/mix.opus") == wanted)
    #expect(spill.files == [])
    bench.writer.stop()
  }

  @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount"))
  func spilledOctetsStayWhenThereIsNoSpaceLater() async throws {
    let disk = try #require(TinyDisk(kibibytes: 128))
    let spill = try Scratch()
    var bench = try Bench(
      RuntimeSettings(recordingsRoot: disk.scratch.path, spillDirectory: spill.path, minimumFreeShare: 0))
    let id = RecordingID("kept")
    let mix = RecordingFile(recording: id, index: 0)
    bench.write(
      .open(id, directory: "a"), .create(mix, name: "mix.wav"), .append(mix, Array(repeating: 5, count: 100_000)),
      .append(mix, Array(repeating: 6, count: 100_000)), .finish(id, files: [Self.file("mix.wav")]))
    let (files, _) = await bench.finished()
    #expect(files.first?.octets == 200_000)
    #expect((files.first?.droppedOctets ?? 0) > 0)
    #expect(spill.files == ["a_mix.wav.part.spill"])
    bench.writer.stop()
  }

  @Test(.enabled(if: TinyDisk.isPossible, "needs the right to mount"))
  func whileTheDiskIsFullTheUnfinishedFileIsAsLongAsItsHeaderSays() async throws {
    let disk = try #require(TinyDisk(kibibytes: 256))
    let bench = try Bench(RuntimeSettings(recordingsRoot: disk.scratch.path, minimumFreeShare: 0))
    let id = RecordingID("full")
    let mix = RecordingFile(recording: id, index: 0)
    var writer = WAVWriter(sampleRate: 16_000)
    bench.write(.open(id, directory: "d"), .create(mix, name: "mix.wav"), .append(mix, writer.start()))
    let loud = [Int16](repeating: 9, count: 3_200)
    for _ in 0..<100 {
      bench.write(.append(mix, writer.append(loud.span)))
      for patch in writer.patches() { bench.write(.patch(mix, offset: Int64(patch.offset), octets: patch.bytes)) }
    }
    bench.write(.zeros(mix, Int64(writer.skip(samples: 16_000))))
    for patch in writer.patches() { bench.write(.patch(mix, offset: Int64(patch.offset), octets: patch.bytes)) }
    // As a crash would leave it.
    bench.writer.stop()
    let bytes = try disk.scratch.bytes("d/mix.wav.part")
    #expect(bytes.count == 80 + 2 * 336_000)
    let clip = try WAVReader.parse(bytes)
    #expect(clip.samples.count == 336_000)
    #expect(clip.samples.allSatisfy { $0 == 9 || $0 == 0 })
    #expect(clip.samples.first == 9 && clip.samples.last == 0)
  }

  @Test func aFileGrowsBeyondFourGibibytesWhileItIsMade() async throws {
    let scratch = try Scratch()
    let bench = try Bench(RuntimeSettings(recordingsRoot: scratch.path))
    let id = RecordingID("long")
    let mix = RecordingFile(recording: id, index: 0)
    var writer = WAVWriter(sampleRate: 48_000)
    bench.write(.open(id, directory: "d"), .create(mix, name: "mix.wav"), .append(mix, writer.start()))
    // 13 hours of silence, then a moment of sound.
    bench.write(.zeros(mix, Int64(writer.skip(samples: 13 * 3_600 * 48_000))))
    bench.write(.append(mix, writer.append([Int16](repeating: 7, count: 960).span)))
    for patch in writer.patches() { bench.write(.patch(mix, offset: Int64(patch.offset), octets: patch.bytes)) }
    bench.writer.stop()
    let file = try OpenDirectory(root: scratch.path + "/d").open("mix.wav.part")
    #expect(file.size == 80 + 2 * (13 * 3_600 * 48_000 + 960))
    #expect(try file.read(4, at: 0) == Array("RF64".utf8))
    #expect(try file.read(2, at: file.size - 2) == [7, 0])
    #expect(
      WAVWriter.repair(fileSize: Int(file.size), header: try file.read(80, at: 0))?.frames == 13 * 3_600 * 48_000 + 960)
  }
}

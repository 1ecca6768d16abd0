import Audio
import Conference
import Foundation
import Primitives
import Testing

@testable import Runtime

@Suite struct ArchiveRepairTests {
  static let readsLongFiles = ProcessInfo.processInfo.environment["LONG_FILES"] != nil

  /// A mono WAV as the recorder writes it, with its header of the start: as a crash leaves it.
  static func wav(samples: Int) -> [UInt8] {
    var writer = WAVWriter(sampleRate: 16_000)
    var bytes = writer.start()
    let ramp = (0..<samples).map { Int16(truncatingIfNeeded: $0) }
    bytes += writer.append(ramp.span)
    return bytes
  }

  /// An Ogg Opus file of `packets` packets of 20 ms without its end.
  static func opus(packets: Int) -> [UInt8] {
    var writer = OggOpusWriter(serial: 7)
    var bytes = writer.start(preSkip: 312, inputRate: 16_000, channels: 1, tags: [("TITLE", "x")])
    for number in 0..<packets {
      // Opus TOC: SILK, 20 ms, mono, one frame.
      let packet = [0x08] + (0..<40).map { UInt8(truncatingIfNeeded: number &* 31 &+ $0) }
      bytes += writer.append(packet.span, samples: 960)
    }
    return bytes
  }

  @Test func killedAnywhereAWAVFileIsWholeToItsLastFrame() throws {
    let whole = Self.wav(samples: 8_000)
    var random = RandomSource.seeded(11)
    for _ in 0..<40 {
      let length = Int.random(in: 82...whole.count, using: &random)
      let scratch = try Scratch()
      try scratch.write(Array(whole[..<length]), "2026/11/24/ab/mix.wav.part")
      let report = try ArchiveRepair.run(root: scratch.path)
      #expect(report.failed.isEmpty && report.unreadable.isEmpty)
      let bytes = try scratch.bytes("2026/11/24/ab/mix.wav")
      let clip = try WAVReader.parse(bytes)
      #expect(clip.samples.count == (length - 80) / 2)
      #expect(clip.samples == (0..<clip.samples.count).map { Int16(truncatingIfNeeded: $0) })
      let file = try #require(report.recordings.first?.files.first)
      #expect(report.recordings.first?.directory == "2026/11/24/ab")
      #expect(file.samples == Int64(clip.samples.count))
      #expect(file.sampleRate == 16_000)
      #expect(file.octets == Int64(bytes.count))
      #expect(file.sha256 == FileWriterTests.hex(bytes))
      #expect(scratch.files == ["2026/11/24/ab/mix.wav"])
    }
  }

  @Test func killedAnywhereAnOggFileEndsWithItsLastGoodPage() throws {
    let whole = Self.opus(packets: 100)
    var random = RandomSource.seeded(12)
    for _ in 0..<40 {
      let length = Int.random(in: 1_000...whole.count, using: &random)
      let scratch = try Scratch()
      try scratch.write(Array(whole[..<length]), "d/17.opus.part")
      let report = try ArchiveRepair.run(root: scratch.path)
      let file = try #require(report.recordings.first?.files.first)
      let reader = try OggOpusReader(try scratch.bytes("d/17.opus"))
      #expect(reader.isEnded)
      #expect(reader.damage == 0)
      #expect(reader.playedSamples == file.samples)
      #expect(file.leg == LegID(17))
      #expect(file.sampleRate == 48_000)
      // At most one page of 200 ms is lost.
      #expect(Int(file.samples) >= reader.packets.count * 960 - 960 - 312)
    }
  }

  /// A film of `seconds` with a picture and a packet of voice every 20 ms, without its end.
  static func film(seconds: Int) -> [UInt8] {
    var writer = WebMWriter(
      WebMTracks(video: .init(width: 160, height: 90), audio: .init(preSkip: 312, inputRate: 48_000)))
    var bytes = writer.start()
    for number in 0..<seconds * 50 {
      let time = Int64(number) * 20
      bytes += writer.append(audio: [0x08, 1, 2].span, at: time, length: 20)
      bytes += writer.append(video: [0x11, 1, 0, 7].span, isKeyFrame: number % 50 == 0, at: time)
      if number % 10 == 9 { bytes += writer.flush() }
    }
    return bytes
  }

  @Test func killedAnywhereAFilmIsWholeToItsLastFrame() throws {
    let whole = Self.film(seconds: 4)
    var random = RandomSource.seeded(13)
    for _ in 0..<40 {
      let length = Int.random(in: 700...whole.count, using: &random)
      let scratch = try Scratch()
      try scratch.write(Array(whole[..<length]), "d/17.webm.part")
      let report = try ArchiveRepair.run(root: scratch.path)
      let file = try #require(report.recordings.first?.files.first)
      let bytes = try scratch.bytes("d/17.webm")
      let reader = try WebMReader(bytes)
      #expect(reader.isClosed && reader.damage == 0)
      #expect(file.leg == LegID(17) && file.sampleRate == 48_000)
      #expect(file.octets == Int64(bytes.count) && file.sha256 == FileWriterTests.hex(bytes))
      let share = Double(length) / Double(whole.count) * 4
      #expect(abs(Double(file.samples) / 48_000 - share) < 0.3)
      #expect(ArchiveRepair.inspect(root: scratch.path, directory: "d").map(\.name) == ["17.webm"])
    }
  }

  @Test func whatHoldsNoAudioIsKeptUnderAnotherNameAndNotTriedAgain() throws {
    let scratch = try Scratch()
    try scratch.write([], "a/mix.wav.part")
    try scratch.write(Array(Self.wav(samples: 1)[..<79]), "b/mix.wav.part")
    try scratch.write(Array("OggS".utf8), "c/mix.opus.part")
    try scratch.write(Array(repeating: 0, count: 500), "d/mix.wav.part")
    let report = try ArchiveRepair.run(root: scratch.path)
    #expect(report.recordings.isEmpty)
    #expect(report.unreadable.count == 4)
    #expect(scratch.files.allSatisfy { $0.hasSuffix(".unreadable") })
    #expect(try ArchiveRepair.run(root: scratch.path) == ArchiveRepair.Report())
  }

  @Test func finishedFilesAreLeftAlone() throws {
    let scratch = try Scratch()
    try scratch.write([1, 2, 3], "a/mix.wav")
    try scratch.write([1], "a/peaks.json")
    #expect(try ArchiveRepair.run(root: scratch.path) == ArchiveRepair.Report())
    #expect(try scratch.bytes("a/mix.wav") == [1, 2, 3])
  }

  @Test func linksAreNotFollowed() throws {
    let scratch = try Scratch()
    try scratch.write(Self.wav(samples: 100), "outside/mix.wav.part")
    try scratch.write([], "root/x")
    try scratch.link("outside", at: "root/link")
    let report = try ArchiveRepair.run(root: scratch.path + "/root")
    #expect(report.recordings.isEmpty)
    #expect(scratch.exists("outside/mix.wav.part"))
  }

  @Test func octetsThatWereSpilledBeforeACrashComeBack() throws {
    let scratch = try Scratch()
    let whole = Self.wav(samples: 4_000)
    try scratch.write(Array(whole[..<3_000]), "root/d/mix.wav.part")
    try scratch.write([], "spill/x")
    let spill = try #require(
      SpillFile.create(for: "d/mix.wav.part", in: try OpenDirectory(root: scratch.path + "/spill")))
    #expect(spill.append(Array(whole[3_000..<5_000]), offset: 3_000))
    #expect(spill.append(Array(whole[5_000...]), offset: 5_000))
    let report = try ArchiveRepair.run(root: scratch.path + "/root", spill: scratch.path + "/spill")
    #expect(report.unspilled == ["d/mix.wav.part"])
    #expect(try WAVReader.parse(try scratch.bytes("root/d/mix.wav")).samples.count == 4_000)
    #expect(!scratch.exists("spill/d_mix.wav.part.spill"))
  }

  @Test func aTornOrForeignSpillFileDoesNoHarm() throws {
    let whole = Self.wav(samples: 1_000)
    var random = RandomSource.seeded(13)
    for round in 0..<50 {
      let scratch = try Scratch()
      try scratch.write(whole, "root/d/mix.wav.part")
      var bytes = SpillFile.magic + [0, 14] + Array("d/mix.wav.part".utf8)
      bytes += (0..<40).map { _ in UInt8.random(in: 0...255, using: &random) }
      if round % 2 == 0 { bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= 0xFF }
      try scratch.write(bytes, "spill/y.spill")
      let report = try ArchiveRepair.run(root: scratch.path + "/root", spill: scratch.path + "/spill")
      #expect(report.recordings.first?.files.first?.samples == 1_000)
    }
  }

  @Test func aCrashInTheMiddleOfACloseLosesNoFileThatHadItsName() throws {
    let scratch = try Scratch()
    try scratch.write(Self.wav(samples: 16_000), "2026/11/24/ab/mix.wav")
    try scratch.write(Self.wav(samples: 16_000), "2026/11/24/ab/9.wav.part")
    try scratch.write(Array("half".utf8), "2026/11/24/ab/recording.json.new")
    let report = try ArchiveRepair.run(root: scratch.path)
    #expect(report.recordings.first?.files.map(\.name).sorted() == ["9.wav", "mix.wav"])
    #expect(report.recordings.first?.files.map(\.samples) == [16_000, 16_000])
    #expect(scratch.files == ["2026/11/24/ab/9.wav", "2026/11/24/ab/mix.wav"])
  }

  @Test(.enabled(if: ArchiveRepairTests.readsLongFiles, "hashes 4 GiB: LONG_FILES=1"))
  func beyondFourGibibytesARepairedFileIsRF64() throws {
    let scratch = try Scratch()
    try scratch.write(Self.wav(samples: 100), "d/mix.wav.part")
    let octets = Int64(4) << 30 + 80 + 2 * 5_000
    let file = try OpenDirectory(root: scratch.path + "/d").open("mix.wav.part")
    // A hole: takes no space.
    try file.truncate(to: octets + 1)
    let report = try ArchiveRepair.run(root: scratch.path)
    let repaired = try #require(report.recordings.first?.files.first)
    #expect(repaired.octets == octets)
    #expect(repaired.samples == (octets - 80) / 2)
    let header = try OpenDirectory(root: scratch.path + "/d").open("mix.wav").read(80, at: 0)
    #expect(header.starts(with: Array("RF64".utf8)))
    #expect(Array(header[4..<8]) == [0xFF, 0xFF, 0xFF, 0xFF])
    #expect(Array(header[12..<16]) == Array("ds64".utf8))
    let sizes = [20, 28, 36].map { at in (0..<8).reduce(Int64(0)) { $0 | Int64(header[at + $1]) << (8 * Int64($1)) } }
    #expect(sizes == [octets - 8, octets - 80, (octets - 80) / 2])
    #expect(Array(header[76..<80]) == [0xFF, 0xFF, 0xFF, 0xFF])
  }
}

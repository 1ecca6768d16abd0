import Audio
import Codecs
import Conference
import Foundation
import Primitives
import Testing

@testable import Runtime

@Suite struct PeakFileTests {
  struct Peaks: Decodable {
    var version: Int
    var channels: Int
    var sampleRate: Int
    var samplesPerPixel: Int
    var bits: Int
    var length: Int
    var data: [Int]

    private enum CodingKeys: String, CodingKey {
      case version, channels, bits, length, data
      case sampleRate = "sample_rate"
      case samplesPerPixel = "samples_per_pixel"
    }
  }

  static func peaks(_ scratch: Scratch, _ folder: String) throws -> Peaks {
    try JSONDecoder().decode(Peaks.self, from: Data(try scratch.bytes(folder + "/peaks.json")))
  }

  /// A second of silence and a second of a square wave.
  static func samples(rate: Int) -> [Int16] {
    (0..<2 * rate).map { $0 < rate ? 0 : ($0 / 8) % 2 == 0 ? 16_000 : -16_000 }
  }

  static func wav(rate: Int) -> [UInt8] {
    var writer = WAVWriter(sampleRate: rate)
    var bytes = writer.start()
    bytes += writer.append(samples(rate: rate).span)
    for patch in writer.patches() {
      bytes.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
    }
    return bytes
  }

  /// A second of silence and a second of a tone of 500 Hz.
  static func opus() throws -> [UInt8] {
    var encoder = try OpusEncoder(sampleRate: 48_000, channels: 1, bitRate: 24_000, complexity: 3)
    var writer = OggOpusWriter(serial: 3)
    var bytes = writer.start(preSkip: 312, inputRate: 48_000, channels: 1, tags: [])
    for frame in 0..<100 {
      let samples = (0..<960).map { index -> Int16 in
        frame < 50 ? 0 : (index / 48) % 2 == 0 ? 12_000 : -12_000
      }
      var packet = [UInt8](repeating: 0, count: 1_500)
      let count = Self.encode(samples, &encoder, &packet)
      bytes += writer.append(packet.span.extracting(first: count), samples: 960)
    }
    return bytes + writer.finish()
  }

  private static func encode(_ samples: [Int16], _ encoder: inout OpusEncoder, _ packet: inout [UInt8]) -> Int {
    var target = packet.mutableSpan
    return encoder.encode(samples.span, into: &target)
  }

  @Test func aWAVMixIsDrawnAsItSounds() throws {
    let scratch = try Scratch()
    try scratch.write(Self.wav(rate: 16_000), "d/mix.wav")
    try PeakFile.make(in: OpenDirectory(root: scratch.path + "/d")) { false }
    let peaks = try Self.peaks(scratch, "d")
    #expect(peaks.version == 2 && peaks.channels == 1 && peaks.bits == 8)
    #expect(peaks.sampleRate == 16_000)
    #expect(peaks.length * 2 == peaks.data.count)
    #expect(peaks.length == 32_000 / peaks.samplesPerPixel)
    #expect(peaks.data.prefix(peaks.length - 2).allSatisfy { $0 == 0 })
    let pairs = peaks.length / 2 - 1
    #expect(Array(peaks.data.suffix(2 * pairs)) == (0..<pairs).flatMap { _ in [-63, 62] })
    #expect(scratch.files == ["d/mix.wav", "d/peaks.json"])
  }

  @Test func anOggOpusMixIsDecodedAndDrawn() throws {
    let scratch = try Scratch()
    try scratch.write(try Self.opus(), "d/mix.opus")
    try PeakFile.make(in: OpenDirectory(root: scratch.path + "/d")) { false }
    let peaks = try Self.peaks(scratch, "d")
    #expect(peaks.sampleRate == PeakFile.decodedRate)
    let seconds = Double(peaks.length * peaks.samplesPerPixel) / Double(peaks.sampleRate)
    #expect(abs(seconds - 2) < 0.05)
    let loud = peaks.data.map(abs)
    #expect(loud.prefix(loud.count * 4 / 10).allSatisfy { $0 < 3 })
    #expect(loud.suffix(loud.count * 4 / 10).filter { $0 > 20 }.count > loud.count * 3 / 10)
  }

  @Test func anOggFileOfManyPiecesLosesNoPacket() throws {
    let whole = try Self.opus()
    let wanted = try OggOpusReader(whole).packets
    var random = RandomSource.seeded(5)
    var feed = OggOpusFeed()
    var packets: [[UInt8]] = []
    var place = 0
    while place < whole.count {
      let end = min(whole.count, place + Int.random(in: 1...700, using: &random))
      feed.append(Array(whole[place..<end]), isLast: end == whole.count)
      while let packet = feed.nextPacket() { packets.append(packet) }
      place = end
    }
    #expect(packets == wanted)
    #expect(feed.preSkip == 312 && feed.channels == 1)
  }

  @Test func damageCostsItsPageAndNothingElse() throws {
    var bytes = try Self.opus()
    bytes[bytes.count / 2] ^= 0xFF
    let wanted = try OggOpusReader(bytes).packets
    var feed = OggOpusFeed()
    feed.append(bytes, isLast: true)
    var packets: [[UInt8]] = []
    while let packet = feed.nextPacket() { packets.append(packet) }
    #expect(packets == wanted)
    #expect(packets.count < 100 && packets.count > 80)
  }

  @Test func whatIsGivenUpLeavesNothing() throws {
    let scratch = try Scratch()
    try scratch.write(Self.wav(rate: 8_000), "d/mix.wav")
    try PeakFile.make(in: OpenDirectory(root: scratch.path + "/d")) { true }
    #expect(scratch.files == ["d/mix.wav"])
  }

  @Test func closingARecordingDrawsItAndTheRepairTellsWhatIsNotDrawn() async throws {
    let scratch = try Scratch()
    var bench = try FileWriterTests.Bench(RuntimeSettings(recordingsRoot: scratch.path))
    let id = RecordingID("r")
    let mix = RecordingFile(recording: id, index: 0)
    bench.write(
      .open(id, directory: "2026/01/01/r"), .create(mix, name: "mix.wav"), .append(mix, Self.wav(rate: 8_000)),
      .finish(id, files: [FileWriterTests.file("mix.wav")]))
    _ = await bench.finished()
    try scratch.write(Self.wav(rate: 8_000), "2026/01/02/old/mix.wav")
    try scratch.write(ArchiveRepairTests.wav(samples: 4_000), "2026/01/02/cut/mix.wav.part")
    try scratch.write(Array("old".utf8), "2026/01/02/cut/peaks.json")
    let report = try ArchiveRepair.run(root: scratch.path)
    #expect(report.withoutPeaks.filter { !$0.hasSuffix("/r") } == ["2026/01/02/cut", "2026/01/02/old"])
    bench.writer.makePeaks(in: report.withoutPeaks)
    bench.writer.stop()
    // What the stop cut short is told at the next start and made then.
    for directory in try ArchiveRepair.run(root: scratch.path).withoutPeaks {
      try PeakFile.make(in: OpenDirectory(root: scratch.path).directory(directory, create: false)) { false }
    }
    for directory in ["2026/01/01/r", "2026/01/02/cut", "2026/01/02/old"] {
      #expect(try Self.peaks(scratch, directory).sampleRate >= 8_000)
    }
    #expect(try ArchiveRepair.run(root: scratch.path).withoutPeaks == [])
  }
}

import TestSupport
import Testing

@testable import Audio

@Suite struct OggSpeexTests {
  static func packets(_ count: Int) -> [[UInt8]] {
    (0..<count).map { [UInt8](repeating: UInt8(truncatingIfNeeded: $0), count: $0 * 7 % 300) }
  }

  static func file(
    _ packets: [[UInt8]], header: OggSpeexHeader = OggSpeexHeader(mode: .wideband), lookahead: Int = 143,
    played: Int64? = nil
  ) -> [UInt8] {
    var writer = OggSpeexWriter(header, lookahead: lookahead, serial: 5)
    var file = writer.start(tags: [("TITLE", "x")])
    for packet in packets { file += writer.append(packet.span) }
    return file + writer.finish(playedSamples: played)
  }

  static func read(_ bytes: [UInt8], pieces size: Int) throws -> (packets: [[UInt8]], reader: OggSpeexReader) {
    var reader = OggSpeexReader()
    var packets: [[UInt8]] = []
    var place = 0
    repeat {
      let end = min(place + size, bytes.count)
      reader.append(Array(bytes[place..<end]), isLast: end == bytes.count)
      while let packet = try reader.nextPacket() { packets.append(packet) }
      place = end
    } while place < bytes.count
    return (packets, reader)
  }

  static func failure(_ bytes: [UInt8]) -> AudioFileError? {
    do {
      _ = try read(bytes, pieces: 1_000)
      return nil
    } catch { return error as? AudioFileError }
  }

  @Test(arguments: [1, 2, 3, 130]) func whatIsWrittenIsReadWithItsTime(count: Int) throws {
    let packets = Self.packets(count)
    let header = OggSpeexHeader(mode: .ultraWideband, bitRate: 42_000, isVBR: true, framesPerPacket: 2)
    #expect(header.packetSamples == 1_280 && header.sampleRate == 32_000)
    let total = Int64(count * 1_280)
    let bytes = Self.file(packets, header: header, played: total - 500)
    for size in [1, 99, 100_000] {
      let read = try Self.read(bytes, pieces: size)
      #expect(read.packets == packets)
      #expect(read.reader.header == header && read.reader.tags == ["TITLE=x"])
      #expect(read.reader.isEnded && read.reader.damage == 0)
      #expect(read.reader.preSkip == (count > 1 ? 143 : 0))
      #expect(read.reader.playedSamples == total - 500)
    }
  }

  @Test func aFileWithoutPacketsIsOne() throws {
    let read = try Self.read(Self.file([]), pieces: 50)
    #expect(read.packets.isEmpty && read.reader.isEnded && read.reader.header != nil)
  }

  @Test func damageCostsItsPageAndNothingElse() throws {
    var bytes = Self.file(Self.packets(200))
    bytes[bytes.count / 2] ^= 1
    for size in [1, 5_000, 1_000_000] {
      let read = try Self.read(bytes, pieces: size)
      #expect((100...151).contains(read.packets.count))
      #expect(read.packets.first == [] && read.packets.last == Self.packets(200).last)
      #expect(read.reader.damage > 0)
    }
  }

  @Test func aPacketThatLostItsMiddleIsLeftOut() throws {
    let header = OggSpeexHeader(mode: .narrowband)
    func page(_ number: UInt32, _ flags: UInt8, _ lacing: [UInt8]) -> [UInt8] {
      OggPage.encode(
        flags: flags, granule: -1, serial: 1, number: number, lacing: lacing,
        body: [UInt8](repeating: UInt8(number), count: lacing.reduce(0) { $0 + Int($1) }))
    }
    let first = OggPage.encode(flags: 2, granule: 0, serial: 1, number: 0, lacing: [80], body: header.encode())
    let whole = first + page(1, 0, [8]) + page(2, 0, [4, 255]) + page(3, 1, [255]) + page(4, 1, [2, 5])
    #expect(try Self.read(whole, pieces: 20).packets.map(\.count) == [4, 512, 5])
    let torn = first + page(1, 0, [8]) + page(2, 0, [4, 255]) + page(4, 1, [2, 5])
    #expect(try Self.read(torn, pieces: 20).packets.map(\.count) == [4, 5])
    let others = OggPage.encode(flags: 2, granule: 0, serial: 9, number: 0, lacing: [1], body: [7])
    #expect(try Self.read(others + whole, pieces: 20).packets.count == 3)
  }

  @Test func aPacketOfManyPagesHasACap() throws {
    let header = OggPage.encode(
      flags: 2, granule: 0, serial: 1, number: 0, lacing: [80], body: OggSpeexHeader(mode: .narrowband).encode())
    var bytes = header + OggPage.encode(flags: 0, granule: 0, serial: 1, number: 1, lacing: [0], body: [])
    let full = [UInt8](repeating: 255, count: 255)
    for number in 2..<6 {
      bytes += OggPage.encode(
        flags: number == 2 ? 0 : 1, granule: -1, serial: 1, number: UInt32(number), lacing: full,
        body: [UInt8](repeating: 0, count: 255 * 255))
    }
    bytes += OggPage.encode(flags: 5, granule: 0, serial: 1, number: 6, lacing: [3, 2], body: [1, 2, 3, 4, 5])
    #expect(try Self.read(bytes, pieces: 50_000).packets == [[4, 5]])
  }

  @Test func pagesThatAreNoneHaveACap() {
    var bytes = Self.file([[1]])
    let fake = OggPage.captureText + [0, 0] + [UInt8](repeating: 0, count: 21)
    // Checksums over nothing: quick, and wrong.
    bytes += (0...OggPacketFeed.maximumFalsePages).flatMap { _ in fake + [1] }
    var feed = OggPacketFeed(signature: Array("none".utf8))
    feed.append(bytes, isLast: true)
    #expect(throws: AudioFileError.self) { while try feed.nextPacket() != nil {} }
  }

  @Test func whatIsWrongIsSaidWithItsPlace() {
    #expect(Self.failure(Array("RIFF1234".utf8)) == AudioFileError(.notA("Ogg"), at: 0))
    #expect(Self.failure([]) == AudioFileError(.notA("Ogg"), at: 0))
    var slow = OggSpeexReader()
    slow.append([0x52], isLast: false)
    #expect((try? slow.nextPacket()) == .some(nil))
    slow.append([0x49, 0x46, 0x46], isLast: false)
    #expect(throws: AudioFileError.self) { try slow.nextPacket() }
    var opus = OggOpusWriter(serial: 1)
    let other = opus.start(preSkip: 0, inputRate: 48_000)
    #expect(Self.failure(other) == AudioFileError(.missing("Speex stream"), at: other.count))
    // Field, value: mode, bit stream, rate, channels, frames, extra headers.
    for (field, value) in [(40, UInt8(3)), (44, 5), (37, 0), (48, 3), (64, 65), (68, 17)] {
      var header = OggSpeexHeader(mode: .narrowband).encode()
      if field == 37 { header[36] = 0 }
      header[field] = value
      let page = OggPage.encode(
        flags: 2, granule: 0, serial: 1, number: 0, lacing: [80], body: header)
      guard case .badHeader? = Self.failure(page)?.reason else {
        Issue.record("\(field) is not looked at")
        continue
      }
    }
  }

  @Test func kindsAreToldByTheirBeginning() {
    #expect(AudioFileKind(Self.file([])) == .oggSpeex)
    var opus = OggOpusWriter(serial: 1)
    #expect(AudioFileKind(opus.start(preSkip: 0, inputRate: 48_000)) == .oggOpus)
    #expect(AudioFileKind(WAVWriter(sampleRate: 8_000).start()) == .wav)
    #expect(AudioFileKind(AUReaderTests.file(1, [])) == .au)
    #expect(AudioFileKind(ILBCFileWriter(frameTime: 30).start()) == .ilbc)
    #expect(AMRFileBand.allCases.map { AudioFileKind(AMRFileWriter($0).start()) } == [.amr, .amrWideband])
    for bytes in [[], Array("OggS".utf8), [UInt8](repeating: 0, count: 100), Array("RIFF1234AVI ".utf8)] {
      #expect(AudioFileKind(bytes) == nil)
    }
  }

  @Test(.enabled(if: Vectors.isPresent)) func otherProgramsFilesAreRead() throws {
    let bytes = try Vectors.bytes("containers/s01_en_f_allison.x.spx")
    let read = try Self.read(bytes, pieces: 4_096)
    let header = try #require(read.reader.header)
    #expect(header.mode == .wideband && header.sampleRate == 16_000 && header.channels == 1)
    // 8 s.
    #expect((399...402).contains(read.packets.count * header.framesPerPacket))
    #expect(read.reader.isEnded && read.reader.damage == 0)
    let played = try #require(read.reader.playedSamples)
    #expect(abs(played - 128_000) <= 320)
    let opus = try OggOpusReader(try Vectors.bytes("containers/s01_en_f_allison.x.opus"))
    #expect(abs((opus.playedSamples ?? 0) - 384_000) <= 960 && opus.isEnded && opus.damage == 0)
  }
}

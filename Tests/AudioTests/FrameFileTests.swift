import TestSupport
import Testing

@testable import Audio

/// Files that are a row of frames: iLBC and AMR.
@Suite struct FrameFileTests {
  static func ilbc(_ bytes: [UInt8], pieces size: Int = 100) throws(AudioFileError) -> (frames: [[UInt8]], time: Int?) {
    var reader = ILBCFileReader()
    var frames: [[UInt8]] = []
    var place = 0
    repeat {
      let end = min(place + size, bytes.count)
      reader.append(Array(bytes[place..<end]), isLast: end == bytes.count)
      while let frame = try reader.nextFrame() { frames.append(frame) }
      place = end
    } while place < bytes.count
    return (frames, reader.frameTime)
  }

  static func amr(_ bytes: [UInt8], pieces size: Int = 100) throws(AudioFileError) -> (frames: [[UInt8]], AMRFileReader)
  {
    var reader = AMRFileReader()
    var frames: [[UInt8]] = []
    var place = 0
    repeat {
      let end = min(place + size, bytes.count)
      reader.append(Array(bytes[place..<end]), isLast: end == bytes.count)
      while let frame = try reader.nextFrame() { frames.append(frame) }
      place = end
    } while place < bytes.count
    return (frames, reader)
  }

  static func failure(_ work: () throws(AudioFileError) -> Void) -> AudioFileError? {
    do throws(AudioFileError) { try work() } catch { return error }
    return nil
  }

  @Test(arguments: [20, 30]) func framesOfILBCComeBack(time: Int) throws {
    var writer = ILBCFileWriter(frameTime: time)
    var file = writer.start()
    let size = ILBCFileReader.frameCount(time)
    for index in 0..<5 { file += writer.append([UInt8](repeating: UInt8(index), count: size).span) }
    let other: [UInt8] = [1, 2, 3]
    file += writer.append(other.span)
    #expect(writer.count == 6 && file.count == 9 + 6 * size)
    for pieces in [1, 40, 1_000] {
      let read = try Self.ilbc(file, pieces: pieces)
      #expect(read.time == time)
      #expect(read.frames.prefix(5).map { $0[0] } == [0, 1, 2, 3, 4])
      // A frame that is none is concealed.
      #expect(read.frames.last == [UInt8](repeating: 0, count: size - 1) + [1])
    }
  }

  @Test func brokenILBCIsToldWithItsPlace() {
    let head = Array("#!iLBC20\n".utf8)
    #expect(Self.failure { () throws(AudioFileError) in _ = try Self.ilbc([]) } == AudioFileError(.notA("iLBC"), at: 0))
    let other = Array("#!iLBC40\n".utf8)
    #expect(
      Self.failure { () throws(AudioFileError) in _ = try Self.ilbc(other) } == AudioFileError(.notA("iLBC"), at: 0))
    let torn = head + [UInt8](repeating: 0, count: 40)
    #expect(
      Self.failure { () throws(AudioFileError) in _ = try Self.ilbc(torn) }
        == AudioFileError(.cutShort("a frame"), at: 47))
    #expect(Self.failure { () throws(AudioFileError) in _ = try Self.ilbc(head) } == nil)
  }

  @Test(arguments: AMRFileBand.allCases) func framesOfEveryTypeOfAMRComeBack(band: AMRFileBand) throws {
    var writer = AMRFileWriter(band)
    var file = writer.start()
    var wanted: [[UInt8]] = []
    for type in 0..<16 {
      guard let count = band.frameCount(ofType: type) else { continue }
      let frame = [UInt8(type << 3 | 4)] + [UInt8](repeating: 0xFF, count: count - 1)
      file += writer.append(frame.span)
      wanted.append(frame)
    }
    // Not as long as it says; nothing; and a type that does not exist.
    for frame in [[UInt8(4), 1], [], [13 << 3]] {
      file += writer.append(frame.span)
      wanted.append([AMRFileBand.noData])
    }
    #expect(writer.count == wanted.count)
    for pieces in [1, 50, 10_000] {
      let (frames, reader) = try Self.amr(file, pieces: pieces)
      #expect(frames == wanted)
      #expect(reader.band == band && reader.channels == 1)
    }
  }

  @Test func severalChannelsOfAMRAreCounted() throws {
    let file = AMRFileBand.wide.magicOfMany + [0, 0, 0, 2, 0x7C, 0x7C]
    let (frames, reader) = try Self.amr(file, pieces: 1)
    #expect(frames.count == 2 && reader.channels == 2 && reader.band == .wide)
  }

  @Test func brokenAMRIsToldWithItsPlace() {
    func failure(_ bytes: [UInt8]) -> AudioFileError? {
      Self.failure { () throws(AudioFileError) in _ = try Self.amr(bytes) }
    }
    let head = AMRFileBand.narrow.magic
    #expect(failure(Array("#!AMX\n".utf8)) == AudioFileError(.notA("AMR"), at: 0))
    #expect(failure(head + [0x7C, 9 << 3]) == AudioFileError(.badFrame(type: 9), at: 7))
    #expect(failure(head + [0x7C, 7 << 3, 1]) == AudioFileError(.cutShort("a frame"), at: 7))
    #expect(failure(AMRFileBand.narrow.magicOfMany + [0, 0]) == AudioFileError(.cutShort("its header"), at: 14))
    #expect(failure(AMRFileBand.narrow.magicOfMany + [0, 0, 0, 7])?.offset == 15)
    #expect(failure(head) == nil)
  }

  @Test(.enabled(if: Vectors.isPresent)) func otherProgramsFilesAreWrittenAgainTheSame() throws {
    for name in try Vectors.list("codec/ilbc") where name.hasSuffix(".lbc") {
      let bytes = try Vectors.bytes("codec/ilbc/\(name)")
      let read = try Self.ilbc(bytes, pieces: 1_000)
      var writer = ILBCFileWriter(frameTime: read.time ?? 0)
      var file = writer.start()
      for frame in read.frames { file += writer.append(frame.span) }
      #expect(file == bytes, "\(name)")
    }
    for name in try Vectors.list("codec/amr") where name.hasSuffix(".amr") || name.hasSuffix(".awb") {
      let bytes = try Vectors.bytes("codec/amr/\(name)")
      let (frames, reader) = try Self.amr(bytes, pieces: 1_000)
      var writer = AMRFileWriter(try #require(reader.band))
      var file = writer.start()
      for frame in frames { file += writer.append(frame.span) }
      #expect(file == bytes, "\(name)")
      #expect(frames.count > 300)
    }
  }
}

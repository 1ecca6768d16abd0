import TestSupport
import Testing

@testable import Audio

@Suite struct AUReaderTests {
  static func file(
    _ encoding: UInt8, _ data: [UInt8], size: Int? = nil, text: Int = 4, rate: Int = 8_000, channels: UInt8 = 1
  ) -> [UInt8] {
    func big(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }
    return Array(".snd".utf8) + big(24 + text) + big(size ?? data.count) + [0, 0, 0, encoding] + big(rate)
      + [0, 0, 0, channels] + [UInt8](repeating: 0x61, count: max(text, 0)) + data
  }

  static func read(_ bytes: [UInt8], pieces size: Int) throws -> (samples: [Int16], reader: AUReader) {
    var reader = AUReader()
    var samples: [Int16] = []
    var place = 0
    repeat {
      let end = min(place + size, bytes.count)
      reader.append(Array(bytes[place..<end]), isLast: end == bytes.count)
      try reader.takeSamples(into: &samples)
      place = end
    } while place < bytes.count
    return (samples, reader)
  }

  static func failure(_ bytes: [UInt8]) -> AudioFileError? {
    do {
      _ = try read(bytes, pieces: 1_000)
      return nil
    } catch { return error as? AudioFileError }
  }

  @Test func everyLinearEncodingGivesItsSamples() throws {
    let cases: [(UInt8, [UInt8], [Int16])] = [
      (2, [0x80, 1], [-32_768, 256]), (3, [0x12, 0x34, 0xFF, 0xFE], [0x1234, -2]), (4, [0, 1, 0x80], [2]),
      (5, [0, 5, 0x80, 0], [6]), (6, [0x3F, 0, 0, 0], [16_384]), (7, [0xBF, 0xE0, 0, 0, 0, 0, 0, 0], [-16_384]),
    ]
    for (encoding, data, wanted) in cases {
      for size in [1, 5, 1_000] {
        #expect(try Self.read(Self.file(encoding, data), pieces: size).samples == wanted, "\(encoding)")
      }
    }
  }

  @Test func codedSamplesAreGivenAsTheyAre() throws {
    for (encoding, coding) in [(UInt8(1), StoredCoding.ulaw), (27, .alaw), (23, .g726(bits: 4)), (24, .g722)] {
      var reader = AUReader()
      reader.append(Self.file(encoding, [7, 8, 9], size: 0xFFFF_FFFF), isLast: true)
      var octets: [UInt8] = []
      try reader.takeOctets(into: &octets)
      #expect(octets == [7, 8, 9] && reader.format?.coding == coding && reader.announced == nil)
    }
  }

  @Test func whatIsWrongIsSaidWithItsPlace() throws {
    #expect(Self.failure(Array("RIFF".utf8)) == AudioFileError(.notA("AU"), at: 0))
    #expect(Self.failure(Array(".snd12".utf8)) == AudioFileError(.cutShort("its header"), at: 6))
    #expect(Self.failure(Self.file(99, [])) == AudioFileError(.unsupported(format: 99, bits: 0), at: 12))
    #expect(Self.failure(Self.file(1, [1])) == AudioFileError(.unsupported(format: 1, bits: 0), at: 12))
    #expect(Self.failure(Self.file(3, [], text: -1))?.offset == 4)
    #expect(Self.failure(Self.file(3, [], rate: 1))?.offset == 16)
    #expect(Self.failure(Self.file(3, [], channels: 0))?.offset == 20)
    #expect(Self.failure(Array(Self.file(3, []).prefix(26))) == AudioFileError(.cutShort("its header"), at: 26))
    let torn = try Self.read(Self.file(3, [0, 1, 2], size: 10), pieces: 2)
    #expect(torn.samples == [1] && torn.reader.missing == 8)
  }

  @Test(.enabled(if: Vectors.isPresent)) func otherProgramsFilesHaveTheirSpeech() throws {
    let original = try Vectors.samples("speech/s01_en_f_allison.8k.wav")
    #expect(try Self.read(Vectors.bytes("containers/s01_en_f_allison.x.au"), pieces: 4_096).samples == original)
  }
}

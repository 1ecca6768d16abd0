import Primitives
import TestSupport
import Testing

@testable import Audio

@Suite struct WAVReaderTests {
  typealias Field = (String, [UInt8])

  static func little(_ value: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  static func format(_ tag: Int, bits: Int, channels: Int = 1, rate: Int = 8_000, block: Int? = nil) -> Field {
    let block = block ?? (bits + 7) / 8 * channels
    return (
      "fmt ",
      little(tag, 2) + little(channels, 2) + little(rate, 4) + little(rate * block, 4) + little(block, 2)
        + little(bits, 2)
    )
  }

  static func file(_ chunks: [Field], form: Int? = nil, data: Int? = nil) -> [UInt8] {
    var body = Array("WAVE".utf8)
    for (id, octets) in chunks {
      let size = id == "data" ? data ?? octets.count : octets.count
      body += Array(id.utf8) + little(size, 4) + octets + (octets.count % 2 == 1 && id != "data" ? [0] : [])
    }
    return Array("RIFF".utf8) + little(form ?? body.count, 4) + body
  }

  static func pieces(_ bytes: [UInt8], of size: Int) throws -> (samples: [Int16], reader: WAVReader) {
    var reader = WAVReader()
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
    do throws(AudioFileError) { _ = try WAVReader.parse(bytes) } catch { return error }
    return nil
  }

  @Test func everyLinearFormatGivesItsSamples() throws {
    let float = [Float(0.5), -1, 2, .nan].flatMap { Self.little(Int($0.bitPattern), 4) }
    let double = [0.25, -0.5].flatMap { Self.little(Int(truncatingIfNeeded: $0.bitPattern), 8) }
    let cases: [(Field, [UInt8], [Int16])] = [
      (Self.format(1, bits: 8), [0, 128, 255], [-32_768, 0, 32_512]),
      (Self.format(1, bits: 16), [1, 0, 0xFF, 0xFF, 0, 0x80], [1, -1, -32_768]),
      (Self.format(1, bits: 12), [0xF0, 0x7F], [32_752]),
      (Self.format(1, bits: 24), [0x80, 1, 0, 0xFF, 0xFF, 0x7F, 0, 0, 0x80], [2, 32_767, -32_768]),
      (Self.format(1, bits: 32), [0, 0x80, 5, 0, 0xFF, 0xFF, 0xFF, 0xFF], [6, 0]),
      (Self.format(3, bits: 32), float, [16_384, -32_768, 32_767, 0]),
      (Self.format(3, bits: 64), double, [8_192, -16_384]),
    ]
    for (format, octets, wanted) in cases {
      let file = Self.file([format, ("data", octets)])
      for size in [1, 7, 1_000] { #expect(try Self.pieces(file, of: size).samples == wanted, "\(format) by \(size)") }
    }
  }

  @Test func channelsStayInterleavedAndAClipHasTheirMean() throws {
    let file = Self.file([Self.format(1, bits: 16, channels: 2), ("data", [10, 0, 20, 0, 0xF6, 0xFF, 0, 0])])
    let (samples, reader) = try Self.pieces(file, of: 3)
    #expect(samples == [10, 20, -10, 0])
    #expect(reader.format?.channels == 2 && reader.format?.block == 4)
    #expect(try WAVReader.parse(file).samples == [15, -5])
  }

  @Test func codedSamplesAreGivenAsTheyAre() throws {
    for (tag, bits, coding) in [(6, 8, StoredCoding.alaw), (7, 8, .ulaw), (0x31, 0, .gsm), (0x45, 4, .g726(bits: 4))] {
      let octets = [UInt8](0..<130)
      let block = tag == 0x31 ? 65 : 1
      var reader = WAVReader()
      reader.append(Self.file([Self.format(tag, bits: bits, block: block), ("data", octets)]), isLast: true)
      var taken: [UInt8] = []
      try reader.takeOctets(into: &taken)
      #expect(taken == octets)
      #expect(reader.format?.coding == coding)
      #expect(throws: AudioFileError.self) {
        var samples: [Int16] = []
        try reader.takeSamples(into: &samples)
      }
    }
  }

  @Test func sizesThatAStreamLeavesOpenMeanTheEnd() throws {
    let format = Self.format(1, bits: 16)
    for (form, data) in [(0, 0), (0xFFFF_FFFF, 0xFFFF_FFFF), (36, 0), (0xFFFF_FFFF, 0)] {
      let (samples, reader) = try Self.pieces(
        Self.file([format, ("data", [1, 0, 2, 0])], form: form, data: data), of: 5)
      #expect(samples == [1, 2], "\(form) \(data)")
      #expect(reader.announced == nil && reader.missing == 0)
    }
    // Empty, and something behind it.
    #expect(try Self.pieces(Self.file([format, ("data", []), ("LIST", [1, 2, 3, 4])]), of: 5).samples.isEmpty)
  }

  @Test func whatFollowsTheSamplesIsNoSound() throws {
    let file = Self.file([Self.format(1, bits: 16), ("data", [1, 0, 2, 0]), ("LIST", [9, 9, 9, 9])])
    for size in [1, 3, 100] { #expect(try Self.pieces(file, of: size).samples == [1, 2]) }
  }

  @Test func aTornFileGivesWhatThereIsAndTellsWhatIsMissing() throws {
    let file = Self.file([Self.format(1, bits: 16), ("data", [1, 0, 2])], data: 400)
    let (samples, reader) = try Self.pieces(file, of: 4)
    #expect(samples == [1])
    #expect(reader.announced == 400 && reader.missing == 398)
  }

  @Test func whatIsWrongIsSaidWithItsPlace() {
    let data: Field = ("data", [0, 0])
    #expect(Self.failure([]) == AudioFileError(.notA("WAV"), at: 0))
    #expect(Self.failure(Array("RIFX\u{4}\u{0}\u{0}\u{0}WAVE".utf8)) == AudioFileError(.notA("WAV"), at: 0))
    #expect(Self.failure(Self.file([data]))?.offset == 12)
    #expect(Self.failure(Self.file([Self.format(1, bits: 16)])) == AudioFileError(.missing("data chunk"), at: 36))
    #expect(
      Self.failure(Self.file([("LIST", [1, 2]), Self.format(0x55, bits: 16), data]))
        == AudioFileError(.unsupported(format: 0x55, bits: 16), at: 22))
    for broken in [
      Self.format(1, bits: 16, channels: 0), Self.format(1, bits: 16, rate: 7), Self.format(1, bits: 16, block: 3),
      ("fmt ", [1, 0, 1]),
    ] {
      guard case .badHeader? = Self.failure(Self.file([broken, data]))?.reason else {
        Issue.record("\(broken) is read")
        continue
      }
    }
    let many = Self.file([Field](repeating: ("junk", []), count: WAVReader.maximumChunks + 1))
    guard case .tooLarge? = Self.failure(many)?.reason else {
      Issue.record("chunks have no cap")
      return
    }
    #expect("\(AudioFileError(.missing("data chunk"), at: 36))" == "at octet 36: the file has no data chunk.")
  }

  @Test(.enabled(if: Vectors.isPresent)) func otherProgramsFilesHaveTheirSpeech() throws {
    let original = try Vectors.samples("speech/s01_en_f_allison.8k.wav")
    func clip(_ name: String) throws -> AudioClip { try WAVReader.parse(Vectors.bytes("containers/\(name)")) }
    for kind in ["pcm24", "float", "rf64"] {
      #expect(try clip("s01_en_f_allison.\(kind).wav").samples == original, "\(kind)")
    }
    for (kind, decibels) in [("pcm8", 30.0), ("alaw", 35), ("ulaw", 35)] {
      let samples = try clip("s01_en_f_allison.\(kind).wav").samples
      #expect(samples.count == original.count)
      let noise = zip(samples, original).map { Int16(clamping: Int($0) - Int($1)) }
      #expect(Signals.decibels(Signals.rms(original) / Signals.rms(noise)) > decibels, "\(kind)")
    }
    for name in ["odd/list-first.wav", "odd/data-size-0.wav"] {
      #expect(try clip(name).samples == Array(original.prefix(8_000)), "\(name)")
    }
    let stereo = try clip("s01_en_f_allison.stereo44k.wav")
    #expect(stereo.sampleRate == 44_100 && stereo.samples.count == 88_200)
    #expect(
      Self.failure(try Vectors.bytes("containers/odd/no-data.wav")) == AudioFileError(.missing("data chunk"), at: 36))
    let gsm = try Vectors.bytes("containers/s01_en_f_allison.gsm.wav")
    #expect(Self.failure(gsm)?.reason == .unsupported(format: 0x31, bits: 0))
    var reader = WAVReader()
    reader.append(gsm, isLast: true)
    var octets: [UInt8] = []
    try reader.takeOctets(into: &octets)
    #expect(octets.count == 200 * 65 && reader.format?.coding == .gsm)
  }
}

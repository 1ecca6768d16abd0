import Audio
import Testing

/// WAV files of G.711 as they are written.
@Suite struct CodedWAVWriterTests {
  /// The header as it is after so many octets.
  private func header(_ writer: CodedWAVWriter) -> [UInt8] { writer.patches().first?.bytes ?? [] }

  @Test(arguments: CodedWAVWriter.Law.allCases, [0, 7, 160])
  func whatIsWrittenIsReadAgain(law: CodedWAVWriter.Law, count: Int) throws {
    var writer = CodedWAVWriter(law)
    #expect(writer.start().count == CodedWAVWriter.headerCount)
    let octets = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 37) }
    writer.count(octets.count)
    let file = header(writer) + octets + writer.end()
    #expect(file.count % 2 == 0)
    var reader = WAVReader()
    reader.append(file, isLast: true)
    let format = try #require(try reader.readHeader())
    #expect(format.coding == (law == .ulaw ? .ulaw : .alaw) && format.sampleRate == 8_000 && format.channels == 1)
    var taken: [UInt8] = []
    try reader.takeOctets(into: &taken)
    #expect(taken == octets && reader.missing == 0)
  }

  @Test func aFileBeyondFourGigabytesIsRF64() throws {
    var writer = CodedWAVWriter(.ulaw, channels: 2)
    writer.count(5_000_000_000)
    let header = header(writer)
    #expect(header.starts(with: "RF64".utf8) && header.count == CodedWAVWriter.headerCount)
    var reader = WAVReader()
    reader.append(header, isLast: true)
    #expect(try reader.readHeader()?.channels == 2)
    #expect(reader.announced == 5_000_000_000)
  }
}

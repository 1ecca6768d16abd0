import Codecs
import TestSupport
import Testing

/// GSM 06.10 as WAV files pack it.
@Suite struct GSMBlockTests {
  /// The parameters of a frame, their lowest bit first, from a stream of bits.
  private func packed(_ parameters: [[Int]]) -> [UInt8] {
    let widths = [6, 6, 5, 5, 4, 4, 3, 3] + (0..<4).flatMap { _ in [7, 2, 2, 6] + Array(repeating: 3, count: 13) }
    var octets = [UInt8](repeating: 0, count: GSMPacket.blockOctets)
    var place = 0
    for frame in parameters {
      for (value, width) in zip(frame, widths) {
        for bit in 0..<width {
          octets[place / 8] |= UInt8(value >> bit & 1) << UInt8(place % 8)
          place += 1
        }
      }
    }
    return octets
  }

  @Test func theFirstParametersOfBothFramesComeOutInTheirPlaces() {
    var first = Array(repeating: 0, count: 76)
    (first[0], first[1]) = (0b101101, 0b011)
    var second = Array(repeating: 0, count: 76)
    (second[0], second[75]) = (0b000001, 0b110)
    var frames: [UInt8] = []
    GSMPacket.unpack(block: packed([first, second]).span, into: &frames)
    #expect(frames.count == 2 * GSMPacket.frameOctets)
    // The signature, then 101101, then 000011.
    #expect(Array(frames[0..<2]) == [0b1101_1011, 0b0100_0011])
    #expect(frames[33] == 0b1101_0000 && frames[34] >> 6 == 0b01 && frames[65] & 7 == 0b110)
    #expect(GSMPacket.duration(frames.span) == 320)
  }

  @Test func aBlockThatIsCutShortGivesNothing() {
    var frames: [UInt8] = []
    GSMPacket.unpack(block: Array(repeating: UInt8(0), count: 64).span, into: &frames)
    #expect(frames.isEmpty)
  }

  @Test(.enabled(if: Vectors.isPresent, "no vectors")) func aWAVFileOfGSMSoundsAsItsOriginal() throws {
    let file = try Vectors.bytes("containers/s01_en_f_allison.gsm.wav")
    let original = try Vectors.samples("speech/s01_en_f_allison.8k.wav")
    // The samples begin behind a header of 60 octets.
    let blocks = file.dropFirst(60)
    var frames: [UInt8] = []
    for start in stride(from: blocks.startIndex, to: blocks.endIndex - 64, by: 65) {
      GSMPacket.unpack(block: Array(blocks[start..<start + 65]).span, into: &frames)
    }
    var decoder = AudioDecoder(format: .gsm, outputRate: 8_000)
    var error = 0.0
    var energy = 0.0
    for frame in 0..<min(frames.count / 33, original.count / 160) {
      var samples = Array(repeating: Int16(0), count: 160)
      var span = samples.mutableSpan
      #expect(decoder.decode(frames.span.extracting(frame * 33..<(frame + 1) * 33), into: &span) == 160)
      for index in 0..<160 {
        let wanted = Double(original[frame * 160 + index])
        error += (Double(samples[index]) - wanted) * (Double(samples[index]) - wanted)
        energy += wanted * wanted
      }
    }
    // Full rate is about 13 dB from its original.
    #expect(energy > 10 * error)
  }
}

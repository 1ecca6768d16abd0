import Primitives

/// Reads WAV files as people have them: RIFF or RF64; PCM of 8, 16, 24 or 32 bits, IEEE float, μ-law, A-law; any number
/// of channels, mixed down; odd chunks before the samples; sizes left at 0 by a writer that streamed or died.
package enum WAVReader {
  /// Octets of a file that is still read: half an hour of 48 kHz stereo at 24 bits.
  package static let maximumFile = 512 << 20
  static let maximumChunks = 4_096

  /// How samples are stored.
  private enum Coding {
    case unsigned8, signed16, signed24, signed32, float32, float64, ulaw, alaw

    init?(format: Int, bits: Int) {
      switch (format, bits) {
      case (1, 8): self = .unsigned8
      case (1, 16): self = .signed16
      case (1, 24): self = .signed24
      case (1, 32): self = .signed32
      case (3, 32): self = .float32
      case (3, 64): self = .float64
      case (7, 8): self = .ulaw
      case (6, 8): self = .alaw
      default: return nil
      }
    }

    var octets: Int {
      switch self {
      case .unsigned8, .ulaw, .alaw: 1
      case .signed16: 2
      case .signed24: 3
      case .signed32, .float32: 4
      case .float64: 8
      }
    }
  }

  private struct Layout {
    var coding: Coding
    var channels: Int
    var rate: Int
    var frame: Int
  }

  package static func parse(_ bytes: [UInt8], name: String = "") throws(WAVError) -> AudioClip {
    guard bytes.count <= maximumFile else { throw .tooLarge }
    var reader = ByteReader(bytes.span)
    guard let form = reader.readUInt32(), form == 0x5249_4646 || form == 0x5246_3634, reader.skip(4),
      reader.readUInt32() == 0x5741_5645
    else { throw .notRIFF }
    var layout: Layout?
    var longData: Int?
    var chunks = 0
    while chunks < maximumChunks, let id = reader.readUInt32(), let stated = reader.readLittleEndianUInt32() {
      chunks += 1
      let size = Int(stated)
      if id == 0x6461_7461 {  // "data"
        guard let layout else { throw .noFormat }
        let length = dataLength(size, longData, reader.remaining)
        return AudioClip(
          samples: samples(bytes, reader.offset..<reader.offset + length, layout), sampleRate: layout.rate, name: name)
      }
      let body = reader.offset
      if id == 0x666D_7420 { layout = try format(&reader, size) }  // "fmt "
      if id == 0x6473_3634, size >= 24, reader.skip(8), let long = reader.readLittleEndianUInt64() {  // "ds64"
        longData = Int(clamping: long)
      }
      // Chunks of odd length are followed by a padding octet.
      let consumed = reader.offset - body
      guard reader.skip(size + size % 2 - consumed) else { break }
    }
    throw layout == nil ? .noFormat : .noData
  }

  /// Sizes 0 and 0xFFFFFFFF stand for "to the end"; no size reaches beyond it.
  private static func dataLength(_ stated: Int, _ long: Int?, _ remaining: Int) -> Int {
    if stated == 0xFFFF_FFFF { return min(long ?? remaining, remaining) }
    return stated == 0 ? remaining : min(stated, remaining)
  }

  @_lifetime(reader: copy reader)
  private static func format(_ reader: inout ByteReader, _ size: Int) throws(WAVError) -> Layout {
    guard size >= 16, size <= 1_024, let tag = reader.readLittleEndianUInt16(),
      let channels = reader.readLittleEndianUInt16(), let rate = reader.readLittleEndianUInt32(), reader.skip(4),
      let block = reader.readLittleEndianUInt16(), let bits = reader.readLittleEndianUInt16()
    else { throw .badFormat("The format chunk is cut short.") }
    var format = Int(tag)
    if tag == 0xFFFE, size >= 26, reader.skip(8), let inner = reader.readLittleEndianUInt16() {
      // WAVE_FORMAT_EXTENSIBLE: the true format opens the sub-format's GUID.
      format = Int(inner)
    }
    guard let coding = Coding(format: format, bits: Int(bits)) else {
      throw .unsupported(format: format, bits: Int(bits))
    }
    guard (1...64).contains(channels) else { throw .badFormat("A file of \(channels) channels is not played.") }
    guard (1_000...384_000).contains(rate) else { throw .badFormat("A rate of \(rate) Hz is not played.") }
    let frame = coding.octets * Int(channels)
    guard block == 0 || Int(block) == frame else { throw .badFormat("The frame size contradicts the sample size.") }
    return Layout(coding: coding, channels: Int(channels), rate: Int(rate), frame: frame)
  }

  private static func samples(_ bytes: [UInt8], _ range: Range<Int>, _ layout: Layout) -> [Int16] {
    let frames = range.count / layout.frame
    var samples: [Int16] = []
    samples.reserveCapacity(frames)
    let span = bytes.span
    var place = range.lowerBound
    for _ in 0..<frames {
      if layout.channels == 1 {
        samples.append(Int16(clamping: sample(span, place, layout.coding)))
        place += layout.frame
        continue
      }
      var sum = 0
      for _ in 0..<layout.channels {
        sum += sample(span, place, layout.coding)
        place += layout.coding.octets
      }
      samples.append(Int16(clamping: Int((Double(sum) / Double(layout.channels)).rounded())))
    }
    return samples
  }

  /// One sample, in the range of 16 bits (a float beyond ±1 is limited).
  private static func sample(_ bytes: Span<UInt8>, _ place: Int, _ coding: Coding) -> Int {
    switch coding {
    case .unsigned8: return (Int(bytes[place]) - 128) * 256
    case .signed16: return Int(Int16(truncatingIfNeeded: word(bytes, place, 2)))
    case .signed24:
      let value = Int(Int32(truncatingIfNeeded: word(bytes, place, 3) << 8))
      return min((value + 0x8000) >> 16, 32_767)
    case .signed32:
      let value = Int(Int32(truncatingIfNeeded: word(bytes, place, 4)))
      return min((value + 0x8000) >> 16, 32_767)
    case .float32: return float(Double(Float(bitPattern: UInt32(truncatingIfNeeded: word(bytes, place, 4)))))
    case .float64: return float(Double(bitPattern: word(bytes, place, 8)))
    case .ulaw: return expandULaw(bytes[place])
    case .alaw: return expandALaw(bytes[place])
    }
  }

  private static func float(_ value: Double) -> Int {
    guard value.isFinite else { return 0 }
    return Int(min(max(value * 32_768, -32_768), 32_767).rounded())
  }

  private static func word(_ bytes: Span<UInt8>, _ place: Int, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(bytes[place + index]) << UInt64(8 * index) }
    return value
  }

  /// ITU-T G.711, here once more because modules of this floor do not know each other.
  private static func expandULaw(_ code: UInt8) -> Int {
    let bits = ~code
    let magnitude = ((Int(bits & 0x0F) << 3) + 0x84) << Int((bits >> 4) & 7)
    return bits & 0x80 != 0 ? 0x84 - magnitude : magnitude - 0x84
  }

  private static func expandALaw(_ code: UInt8) -> Int {
    let bits = code ^ 0x55
    let segment = Int((bits >> 4) & 7)
    var magnitude = Int(bits & 0x0F) << 4 + 8
    if segment > 0 { magnitude = (magnitude + 0x100) << (segment - 1) }
    return bits & 0x80 != 0 ? magnitude : -magnitude
  }
}

import Audio
import Codecs

/// A WAV or AU file, of linear samples or of a codec.
struct StoredSource<Reader: StoredReader>: SampleSource {
  private(set) var form: FileForm?
  private(set) var sampleRate = 0
  private(set) var channels = 1
  private var reader = Reader()
  private var decoder: OctetDecoder?
  private var isGSM = false
  private var isLast = false

  init() {}

  var warnings: [String] {
    (reader.missing > 0 ? ["\(reader.missing) octets that the header announces are missing"] : [])
      + (decoder?.warnings ?? [])
  }

  mutating func append(_ octets: [UInt8], isLast: Bool) {
    self.isLast = isLast
    reader.append(octets, isLast: isLast)
  }

  mutating func decode(into samples: inout [Int16]) throws(AudioFileError) -> Bool {
    if form == nil {
      guard let format = try reader.readHeader() else { return false }
      try begin(format)
    }
    guard decoder != nil else {
      try reader.takeSamples(into: &samples)
      return false
    }
    var octets: [UInt8] = []
    try reader.takeOctets(into: &octets)
    decoder?.append(isGSM ? StoredSource.unpacked(octets) : octets)
    try decoder?.decode(isLast: isLast, into: &samples)
    return false
  }

  private mutating func begin(_ stored: StoredFormat) throws(AudioFileError) {
    sampleRate = stored.sampleRate
    channels = stored.channels
    if stored.coding.isLinear {
      form = FileForm(container: Reader.container, format: .l16(sampleRate, channels: channels))
      return
    }
    var format = try StoredSource.format(stored)
    isGSM = stored.coding == .gsm
    // The samples of G.711 have no rate of their own, nor do their channels know each other.
    let isG711 = format.codec == .pcmu || format.codec == .pcma
    if isG711 { format.channels = channels } else { channels = 1 }
    decoder = OctetDecoder(format, channels: channels)
    // G.722 has one rate, which headers sometimes halve as RTP does.
    if format.codec == .g722 { sampleRate = format.sampleRate } else { format.sampleRate = sampleRate }
    form = FileForm(container: Reader.container, format: format)
  }

  private static func format(_ stored: StoredFormat) throws(AudioFileError) -> CodecFormat {
    let format: CodecFormat
    switch stored.coding {
    case .ulaw: return .pcmu
    case .alaw: return .pcma
    case .gsm: format = .gsm
    case .g722: format = .g722
    case .g726(let bits):
      guard let bitRate = G726BitRate(rawValue: bits * 8_000) else {
        throw AudioFileError(.unsupported(format: stored.tag, bits: stored.bits), at: 0)
      }
      format = .g726(bitRate, Reader.packsFromTheTop ? .aal2 : .rfc3551)
    case .unsigned8, .signed8, .signed16, .signed24, .signed32, .float32, .float64:
      throw AudioFileError(.unsupported(format: stored.tag, bits: stored.bits), at: 0)
    }
    guard stored.channels == 1 else {
      throw AudioFileError(.badHeader("\(format.name) is read in mono, not in \(stored.channels) channels."), at: 0)
    }
    return format
  }

  /// Blocks of 65 octets as frames of GSM.
  private static func unpacked(_ octets: [UInt8]) -> [UInt8] {
    var frames: [UInt8] = []
    frames.reserveCapacity(octets.count + octets.count / GSMPacket.blockOctets)
    let span = octets.span
    for block in 0..<octets.count / GSMPacket.blockOctets {
      let start = block * GSMPacket.blockOctets
      GSMPacket.unpack(block: span.extracting(start..<start + GSMPacket.blockOctets), into: &frames)
    }
    return frames
  }
}

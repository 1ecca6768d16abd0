import Primitives

/// Reads an Ogg Opus file (RFC 7845) into packets. The first Opus stream counts; damaged pages are passed over.
package struct OggOpusReader: Sendable {
  package static let maximumFile = 512 << 20
  package static let maximumPackets = 4_000_000
  static let maximumPacket = 65_536

  /// Channels as coded: 1 or 2.
  package private(set) var channels = 1
  /// Samples at 48 kHz to throw away at the start.
  package private(set) var preSkip = 0
  /// Hertz of the original, for information; 0 if unknown.
  package private(set) var inputRate = 0
  /// To be applied after decoding, in 1/256 dB.
  package private(set) var outputGain = 0
  package private(set) var tags: [String] = []
  package private(set) var packets: [[UInt8]] = []
  /// The last granule position: samples at 48 kHz, `preSkip` included. Nil if no page said one.
  package private(set) var granule: Int64?
  /// The stream's end was written.
  package private(set) var isEnded = false
  /// Octets passed over because no valid page was there.
  package private(set) var damage = 0

  private var serial: UInt32?
  private var headers = 0
  private var open: [UInt8] = []
  private var isOpen = false

  package init(_ bytes: [UInt8]) throws(OggOpusError) {
    guard bytes.count <= Self.maximumFile else { throw .tooLarge }
    guard bytes.starts(with: [0x4F, 0x67, 0x67, 0x53]) else { throw .notOgg }
    let span = bytes.span
    var place = 0
    while place < bytes.count {
      guard span[place] == 0x4F, let page = OggPage.parse(span, at: place) else {
        place += 1
        damage += 1
        continue
      }
      place = page.body.upperBound
      if !isEnded { try take(page, span) }
    }
    guard headers >= 1 else { throw .notOpus }
    guard headers == 2 else { throw .badHeader("The comment header is missing.") }
  }

  /// Samples at 48 kHz that a player hears, if the file tells.
  package var playedSamples: Int64? { granule.map { max($0 &- Int64(preSkip), 0) } }

  private mutating func take(_ page: OggPage, _ bytes: Span<UInt8>) throws(OggOpusError) {
    if serial == nil {
      guard page.isFirst, starts(bytes.extracting(page.body), with: "OpusHead") else { return }
      serial = page.serial
    }
    guard page.serial == serial else { return }
    if !page.isContinued || !isOpen { dropOpen() }
    // The rest of a packet whose beginning is lost.
    var isOrphan = page.isContinued && !isOpen
    var place = page.body.lowerBound
    for index in page.lacing {
      let size = Int(bytes[index])
      if !isOrphan {
        guard open.count + size <= Self.maximumPacket else { throw .tooLarge }
        for octet in place..<place + size { open.append(bytes[octet]) }
        isOpen = true
      }
      place += size
      if size < 255 {
        if !isOrphan { try finishPacket() }
        isOrphan = false
      }
    }
    if headers == 2, page.granule >= 0 { granule = page.granule }
    if page.isLast { isEnded = true }
  }

  private mutating func dropOpen() {
    open.removeAll(keepingCapacity: true)
    isOpen = false
  }

  private mutating func finishPacket() throws(OggOpusError) {
    let packet = open
    dropOpen()
    switch headers {
    case 0: try readHead(packet)
    case 1: try readTags(packet)
    default:
      guard packets.count < Self.maximumPackets else { throw .tooLarge }
      packets.append(packet)
      return
    }
    headers += 1
  }

  private mutating func readHead(_ packet: [UInt8]) throws(OggOpusError) {
    var reader = ByteReader(packet.span)
    guard reader.skip(8), let version = reader.readUInt8(), let channels = reader.readUInt8(),
      let preSkip = reader.readLittleEndianUInt16(), let rate = reader.readLittleEndianUInt32(),
      let gain = reader.readLittleEndianUInt16(), let family = reader.readUInt8()
    else { throw .badHeader("The identification header is cut short.") }
    guard version & 0xF0 == 0 else { throw .badHeader("Version \(version) is not known.") }
    guard family <= 1, channels == 1 || channels == 2 else {
      throw .badHeader("A file of \(channels) channels is not played.")
    }
    self.channels = Int(channels)
    self.preSkip = Int(preSkip)
    inputRate = Int(rate)
    outputGain = Int(Int16(bitPattern: gain))
  }

  private mutating func readTags(_ packet: [UInt8]) throws(OggOpusError) {
    var reader = ByteReader(packet.span)
    guard starts(packet.span, with: "OpusTags"), reader.skip(8), let vendor = reader.readLittleEndianUInt32(),
      reader.skip(Int(vendor)), let count = reader.readLittleEndianUInt32()
    else { throw .badHeader("The comment header is not one.") }
    for _ in 0..<min(count, 1_024) {
      guard let size = reader.readLittleEndianUInt32(), let text = reader.readBytes(Int(size)) else { return }
      tags.append(String(decoding: text, as: UTF8.self))
    }
  }

  private func starts(_ bytes: Span<UInt8>, with text: StaticString) -> Bool {
    let text = Array(text.description.utf8)
    guard bytes.count >= text.count else { return false }
    return text.indices.allSatisfy { bytes[$0] == text[$0] }
  }
}

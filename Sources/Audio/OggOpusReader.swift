import Primitives

/// Reads an Ogg Opus file (RFC 7845) into packets. The first Opus stream counts; damaged pages are passed over.
package struct OggOpusReader: Sendable {
  package static let maximumFile = 512 << 20
  package static let maximumPackets = 4_000_000

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

  package init(_ bytes: [UInt8]) throws(AudioFileError) {
    guard bytes.count <= Self.maximumFile else {
      throw AudioFileError(.tooLarge("A file has at most \(Self.maximumFile) octets."), at: Self.maximumFile)
    }
    guard bytes.starts(with: OggPage.captureText) else { throw AudioFileError(.notA("Ogg"), at: 0) }
    var feed = OggPacketFeed(signature: Array("OpusHead".utf8))
    feed.append(bytes, isLast: true)
    guard let head = try feed.nextPacket() else { throw AudioFileError(.missing("Opus stream"), at: bytes.count) }
    try readHead(head)
    guard let comments = try feed.nextPacket() else {
      throw AudioFileError(.missing("comment header"), at: bytes.count)
    }
    guard comments.bytes.starts(with: "OpusTags".utf8), let tags = OggComments.parse(comments.bytes, behind: 8) else {
      throw AudioFileError(.badHeader("The comment header is not one."), at: comments.offset)
    }
    self.tags = tags
    while let packet = try feed.nextPacket() {
      guard packets.count < Self.maximumPackets else {
        throw AudioFileError(.tooLarge("A file has at most \(Self.maximumPackets) packets."), at: packet.offset)
      }
      packets.append(packet.bytes)
    }
    granule = feed.granule >= 0 ? feed.granule : nil
    isEnded = feed.isEnded
    damage = feed.damage
  }

  /// Samples at 48 kHz that a player hears, if the file tells.
  package var playedSamples: Int64? { granule.map { max($0 &- Int64(preSkip), 0) } }

  private mutating func readHead(_ packet: OggPacket) throws(AudioFileError) {
    var reader = ByteReader(packet.bytes.span)
    guard reader.skip(8), let version = reader.readUInt8(), let channels = reader.readUInt8(),
      let preSkip = reader.readLittleEndianUInt16(), let rate = reader.readLittleEndianUInt32(),
      let gain = reader.readLittleEndianUInt16(), let family = reader.readUInt8()
    else { throw AudioFileError(.badHeader("The identification header is cut short."), at: packet.offset) }
    guard version & 0xF0 == 0 else {
      throw AudioFileError(.badHeader("Version \(version) is not known."), at: packet.offset)
    }
    guard family <= 1, channels == 1 || channels == 2 else {
      throw AudioFileError(.badHeader("A file of \(channels) channels is not played."), at: packet.offset)
    }
    self.channels = Int(channels)
    self.preSkip = Int(preSkip)
    inputRate = Int(rate)
    outputGain = Int(Int16(bitPattern: gain))
  }
}

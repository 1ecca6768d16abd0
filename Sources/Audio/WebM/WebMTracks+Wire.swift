import Primitives

extension WebMTracks {
  /// The most entries that are looked at.
  private static let maximumEntries = 16

  /// The Tracks element; RFC 9559, section 5.1.4, and for Opus the mapping in "Matroska Codec Specifications", A_OPUS.
  func write(to writer: inout ByteWriter) {
    writer.writeElement(MatroskaID.tracks) { tracks in
      if let video {
        tracks.writeElement(MatroskaID.trackEntry) { entry in
          Self.begin(&entry, number: Self.videoNumber, type: 1, codec: "V_VP8")
          entry.writeElement(MatroskaID.video) { settings in
            settings.writeElement(MatroskaID.pixelWidth, number: UInt64(video.width))
            settings.writeElement(MatroskaID.pixelHeight, number: UInt64(video.height))
          }
        }
      }
      if let audio {
        tracks.writeElement(MatroskaID.trackEntry) { entry in
          Self.begin(&entry, number: Self.audioNumber, type: 2, codec: "A_OPUS")
          entry.writeElement(MatroskaID.codecPrivate, audio.head)
          // Nanoseconds: of the samples at the start, and what a decoder needs to have heard before a place.
          entry.writeElement(MatroskaID.codecDelay, number: UInt64(audio.preSkip) * 1_000_000 / 48)
          entry.writeElement(MatroskaID.seekPreRoll, number: 80_000_000)
          entry.writeElement(MatroskaID.audio) { settings in
            settings.writeElement(MatroskaID.samplingFrequency, float: 48_000)
            settings.writeElement(MatroskaID.channels, number: UInt64(audio.channels))
          }
        }
      }
    }
  }

  private static func begin(_ entry: inout ByteWriter, number: UInt8, type: UInt64, codec: String) {
    entry.writeElement(MatroskaID.trackNumber, number: UInt64(number))
    entry.writeElement(MatroskaID.trackUID, number: UInt64(number))
    entry.writeElement(MatroskaID.trackType, number: type)
    entry.writeElement(MatroskaID.flagLacing, number: 0)
    entry.writeElement(MatroskaID.codecID, text: codec)
  }

  /// Reads the body of a Tracks element; nil if there is neither VP8 nor Opus under the numbers that we give them.
  init?(_ octets: Span<UInt8>, _ body: Range<Int>) {
    self.init()
    var place = body.lowerBound
    for _ in 0..<Self.maximumEntries {
      guard let entry = EBMLElement.parse(octets, at: place), let inner = entry.body(within: body.upperBound)
      else { break }
      if entry.id == MatroskaID.trackEntry { take(octets, inner) }
      place = inner.upperBound
    }
    if video == nil, audio == nil { return nil }
  }

  private mutating func take(_ octets: Span<UInt8>, _ body: Range<Int>) {
    var number: UInt64?
    var codec: Range<Int>?
    var head: Range<Int>?
    var picture = Video(width: 0, height: 0)
    var place = body.lowerBound
    while let element = EBMLElement.parse(octets, at: place), let inner = element.body(within: body.upperBound) {
      switch element.id {
      case MatroskaID.trackNumber: number = EBMLElement.number(octets, inner)
      case MatroskaID.codecID: codec = inner
      case MatroskaID.codecPrivate: head = inner
      case MatroskaID.video: picture = Video(octets, inner)
      default: break
      }
      place = inner.upperBound
    }
    guard let codec else { return }
    if number == UInt64(Self.videoNumber), Self.isEqual(octets, codec, "V_VP8") { video = picture }
    if number == UInt64(Self.audioNumber), Self.isEqual(octets, codec, "A_OPUS"), let head {
      audio = Audio(octets, head)
    }
  }

  private static func isEqual(_ octets: Span<UInt8>, _ place: Range<Int>, _ text: StaticString) -> Bool {
    var copy: [UInt8] = []
    for index in place.prefix(16) { copy.append(octets[index]) }
    return copy == Array("\(text)".utf8)
  }
}

extension WebMTracks.Video {
  fileprivate init(_ octets: Span<UInt8>, _ body: Range<Int>) {
    self.init(width: 0, height: 0)
    var place = body.lowerBound
    while let element = EBMLElement.parse(octets, at: place), let inner = element.body(within: body.upperBound) {
      let value = UInt16(clamping: EBMLElement.number(octets, inner) ?? 0)
      if element.id == MatroskaID.pixelWidth { width = value }
      if element.id == MatroskaID.pixelHeight { height = value }
      place = inner.upperBound
    }
  }
}

extension WebMTracks.Audio {
  /// The identification header; RFC 7845, section 5.1.
  fileprivate var head: [UInt8] {
    var writer = ByteWriter(capacity: 19)
    writer.write("OpusHead")
    writer.write(UInt8(1))
    writer.write(channels)
    writer.writeLittleEndian(preSkip)
    writer.writeLittleEndian(inputRate)
    writer.writeLittleEndian(UInt16(0))
    writer.write(UInt8(0))
    return writer.bytes
  }

  fileprivate init?(_ octets: Span<UInt8>, _ body: Range<Int>) {
    var reader = ByteReader(octets.extracting(body))
    guard reader.readBytes(8) == Array("OpusHead".utf8), reader.skip(1), let channels = reader.readUInt8(),
      let preSkip = reader.readLittleEndianUInt16(), let rate = reader.readLittleEndianUInt32(),
      channels == 1 || channels == 2
    else { return nil }
    self.init(channels: channels, preSkip: preSkip, inputRate: rate)
  }
}

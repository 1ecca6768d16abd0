import Primitives

/// The first packet of a Speex stream in Ogg, as the Speex manual (section 7.3) and libspeex have it: 80 octets.
/// ```
///  0 "Speex   "   8 version, text (20 octets)   28 version (32), 1   32 header size (32), 80
/// 36 rate (32)   40 mode (32)   44 bit stream (32), 4   48 channels (32)   52 bit/s or -1 (32)
/// 56 samples a frame (32)   60 VBR (32)   64 frames a packet (32)   68 extra headers (32)   72 reserved (64)
/// ```
/// All little-endian.
package struct OggSpeexHeader: Sendable, Hashable {
  package enum Mode: UInt32, Sendable, Hashable {
    case narrowband, wideband, ultraWideband
  }

  static let signature = Array("Speex   ".utf8)
  static let size = 80
  package static let maximumFramesPerPacket = 64
  static let maximumExtraHeaders = 16

  package let mode: Mode
  /// Hertz.
  package let sampleRate: Int
  /// 1, or 2 where each frame says in band how to make two out of one.
  package let channels: Int
  /// Bit/s, nil if it is not told.
  package let bitRate: Int?
  package let isVBR: Bool
  package let framesPerPacket: Int
  /// Packets behind the comments that are no audio.
  let extraHeaders: Int

  /// `framesPerPacket` of 1 … 64.
  package init(
    mode: Mode, channels: Int = 1, bitRate: Int? = nil, isVBR: Bool = false, framesPerPacket: Int = 1
  ) {
    self.mode = mode
    sampleRate = 8_000 << Int(mode.rawValue)
    self.channels = channels == 2 ? 2 : 1
    self.bitRate = bitRate
    self.isVBR = isVBR
    self.framesPerPacket = min(max(framesPerPacket, 1), Self.maximumFramesPerPacket)
    extraHeaders = 0
  }

  /// Samples of each channel in a packet.
  package var packetSamples: Int { (160 << Int(mode.rawValue)) * framesPerPacket }

  init(_ packet: OggPacket) throws(AudioFileError) {
    func bad(_ text: String) -> AudioFileError { AudioFileError(.badHeader(text), at: packet.offset) }
    var reader = ByteReader(packet.bytes.span)
    guard packet.bytes.starts(with: Self.signature), reader.skip(36), let rate = reader.readLittleEndianUInt32(),
      let number = reader.readLittleEndianUInt32(), let stream = reader.readLittleEndianUInt32(),
      let channels = reader.readLittleEndianUInt32(), let bitRate = reader.readLittleEndianUInt32(), reader.skip(4),
      let vbr = reader.readLittleEndianUInt32(), let frames = reader.readLittleEndianUInt32(),
      let extra = reader.readLittleEndianUInt32()
    else { throw bad("The Speex header is cut short.") }
    guard let mode = Mode(rawValue: number) else { throw bad("Speex mode \(number) does not exist.") }
    guard stream == 4 else { throw bad("Speex bit stream \(stream) is not known.") }
    guard StoredFormat.rateRange.contains(Int(rate)) else { throw bad("A rate of \(rate) Hz is not read.") }
    guard channels == 1 || channels == 2 else { throw bad("Speex has no \(channels) channels.") }
    guard frames <= Self.maximumFramesPerPacket else { throw bad("\(frames) frames in a packet are not read.") }
    guard extra <= Self.maximumExtraHeaders else { throw bad("\(extra) extra headers are not read.") }
    self.mode = mode
    sampleRate = Int(rate)
    self.channels = Int(channels)
    self.bitRate = bitRate == UInt32.max ? nil : Int(bitRate)
    isVBR = vbr != 0
    framesPerPacket = max(Int(frames), 1)
    extraHeaders = Int(extra)
  }

  func encode() -> [UInt8] {
    var writer = ByteWriter(capacity: Self.size)
    writer.write(Self.signature)
    writer.write(Array("1.2.1".utf8) + [UInt8](repeating: 0, count: 15))
    let fields: [UInt32] = [
      1, UInt32(Self.size), UInt32(clamping: sampleRate), mode.rawValue, 4, UInt32(clamping: channels),
      bitRate.map { UInt32(clamping: $0) } ?? .max, UInt32(160) << mode.rawValue, isVBR ? 1 : 0,
      UInt32(clamping: framesPerPacket), UInt32(clamping: extraHeaders), 0, 0,
    ]
    for field in fields { writer.writeLittleEndian(field) }
    return writer.bytes
  }
}

import Primitives

/// One page of an Ogg stream, RFC 3533, section 6.
/// ```
///  0 "OggS"    4 version 0   5 flags: 1 continued, 2 first, 4 last
///  6 granule position (64)  14 serial (32)  18 page number (32)  22 CRC (32)
/// 26 segments (8)           27 lacing values, then the packets; all little-endian
/// ```
struct OggPage: Sendable {
  static let capture: UInt32 = 0x4F67_6753
  static let captureText: [UInt8] = [0x4F, 0x67, 0x67, 0x53]
  static let headerCount = 27

  var flags: UInt8
  var granule: Int64
  var serial: UInt32
  var number: UInt32
  /// Where lacing values and body lie in the file.
  var lacing: Range<Int>
  var body: Range<Int>

  var isContinued: Bool { flags & 1 != 0 }
  var isFirst: Bool { flags & 2 != 0 }
  var isLast: Bool { flags & 4 != 0 }

  /// The page that starts at an offset; nil if there is none, it is cut short or its CRC is wrong.
  static func parse(_ bytes: Span<UInt8>, at offset: Int) -> OggPage? {
    guard offset >= 0, offset <= bytes.count else { return nil }
    var reader = ByteReader(bytes.extracting(offset..<bytes.count))
    guard reader.readUInt32() == capture, reader.readUInt8() == 0, let flags = reader.readUInt8(),
      let granule = reader.readLittleEndianUInt64(), let serial = reader.readLittleEndianUInt32(),
      let number = reader.readLittleEndianUInt32(), let crc = reader.readLittleEndianUInt32(),
      let segments = reader.readUInt8(), reader.remaining >= Int(segments)
    else { return nil }
    let lacing = offset + headerCount..<offset + headerCount + Int(segments)
    var size = 0
    for index in lacing { size += Int(bytes[index]) }
    let body = lacing.upperBound..<lacing.upperBound + size
    guard body.upperBound <= bytes.count, OggCRC.checksum(bytes.extracting(offset..<body.upperBound)) == crc else {
      return nil
    }
    return OggPage(
      flags: flags, granule: Int64(bitPattern: granule), serial: serial, number: number, lacing: lacing, body: body)
  }

  /// A page with its CRC. `lacing` has at most 255 values.
  static func encode(
    flags: UInt8, granule: Int64, serial: UInt32, number: UInt32, lacing: [UInt8], body: [UInt8]
  ) -> [UInt8] {
    var writer = ByteWriter(capacity: headerCount + lacing.count + body.count)
    writer.write(capture)
    writer.write(UInt8(0))
    writer.write(flags)
    writer.writeLittleEndian(UInt64(bitPattern: granule))
    writer.writeLittleEndian(serial)
    writer.writeLittleEndian(number)
    writer.writeLittleEndian(UInt32(0))
    writer.write(UInt8(clamping: lacing.count))
    writer.write(lacing)
    writer.write(body)
    var bytes = writer.bytes
    OggCRC.seal(&bytes)
    return bytes
  }
}

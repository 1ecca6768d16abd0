import Primitives

/// The comments of an Ogg stream, as Vorbis, Opus (RFC 7845, section 5.2) and Speex have them.
/// ```
/// size (32), vendor;  number (32), then for each: size (32), "NAME=value";  all little-endian
/// ```
enum OggComments {
  /// Comments that are read.
  static let maximumCount = 1_024
  /// Octets of comments that are written.
  static let maximumOctets = 60_000

  /// Those behind `skipped` octets of a packet, as far as they are whole; nil if there is not even a vendor.
  static func parse(_ packet: [UInt8], behind skipped: Int) -> [String]? {
    var reader = ByteReader(packet.span)
    guard reader.skip(skipped), let vendor = reader.readLittleEndianUInt32(), reader.skip(Int(vendor)),
      let count = reader.readLittleEndianUInt32()
    else { return nil }
    var comments: [String] = []
    for _ in 0..<min(Int(count), maximumCount) {
      guard let size = reader.readLittleEndianUInt32(), let text = reader.readBytes(Int(size)) else { break }
      comments.append(String(decoding: text, as: UTF8.self))
    }
    return comments
  }

  /// Those beyond `maximumOctets` are left out.
  static func write(vendor: String, _ comments: [(String, String)], to writer: inout ByteWriter) {
    write(Array(vendor.utf8.prefix(1_024)), to: &writer)
    var lines: [[UInt8]] = []
    var size = 0
    for (name, value) in comments {
      let line = Array("\(name)=\(value)".utf8)
      size += line.count + 4
      if size <= maximumOctets { lines.append(line) }
    }
    writer.writeLittleEndian(UInt32(clamping: lines.count))
    for line in lines { write(line, to: &writer) }
  }

  private static func write(_ text: [UInt8], to writer: inout ByteWriter) {
    writer.writeLittleEndian(UInt32(clamping: text.count))
    writer.write(text)
  }
}

/// The checksum of an Ogg page: CRC-32 with polynomial 0x04C11DB7, not reflected, initially 0 (RFC 3533, section 6).
enum OggCRC {
  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index) << 24
    for _ in 0..<8 { value = value & 0x8000_0000 != 0 ? value << 1 ^ 0x04C1_1DB7 : value << 1 }
    return value
  }

  /// Of a whole page, the four octets of its checksum taken as 0.
  static func checksum(_ page: Span<UInt8>) -> UInt32 {
    let table = table.span
    var crc: UInt32 = 0
    for index in 0..<page.count {
      let octet = index >= 22 && index < 26 ? 0 : page[index]
      crc = crc << 8 ^ table[Int(UInt8(truncatingIfNeeded: crc >> 24) ^ octet)]
    }
    return crc
  }

  /// Writes the checksum into a page of 27 octets or more.
  static func seal(_ page: inout [UInt8]) {
    guard page.count >= OggPage.headerCount else { return }
    let crc = checksum(page.span)
    for index in 0..<4 { page[22 + index] = UInt8(truncatingIfNeeded: crc >> UInt32(8 * index)) }
  }
}

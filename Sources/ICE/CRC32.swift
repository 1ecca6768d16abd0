/// The checksum of FINGERPRINT: CRC-32 of ITU-T V.42, reflected, as RFC 8489, section 14.7, asks for.
enum CRC32 {
  private static let table: [UInt32] = (0..<256).map { index in
    var value = UInt32(index)
    for _ in 0..<8 { value = value & 1 != 0 ? value >> 1 ^ 0xEDB8_8320 : value >> 1 }
    return value
  }

  /// Of the first `count` octets, or of all if there are fewer.
  static func checksum(_ octets: Span<UInt8>, count: Int) -> UInt32 {
    let table = table.span
    var crc: UInt32 = ~0
    for index in 0..<min(max(count, 0), octets.count) {
      crc = crc >> 8 ^ table[Int(UInt8(truncatingIfNeeded: crc) ^ octets[index])]
    }
    return ~crc
  }
}

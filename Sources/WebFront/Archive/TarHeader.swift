/// The header of a plain file in a tar archive (POSIX.1-1988, ustar):
///
///     0        100    108    116    124      136      148     156 157       257      263  265        512
///     | name    | mode | uid  | gid  |  size  | mtime  | check |T| link name | ustar0 | 00 | … zeros … |
enum TarHeader {
  static let block = 512

  /// The octets that a content of so many takes: whole blocks.
  static func padded(_ size: Int64) -> Int64 { (size + Int64(block) - 1) / Int64(block) * Int64(block) }

  /// `name` has at most 100 octets, more are cut off; the size may be over 8 GiB (in binary then, as GNU tar and others
  /// read it).
  static func octets(name: String, size: Int64) -> [UInt8] {
    var header = [UInt8](repeating: 0, count: block)
    func put(_ octets: some Collection<UInt8>, at place: Int) {
      for (index, octet) in octets.enumerated() { header[place + index] = octet }
    }
    put(Array(name.utf8.prefix(100)), at: 0)
    put(Array("0000644\u{0}0000000\u{0}0000000\u{0}".utf8), at: 100)
    if size < 1 << 33 {
      put(Array((octal(size, digits: 11) + "\u{0}").utf8), at: 124)
    } else {
      header[124] = 0x80
      for index in 0..<8 { header[135 - index] = UInt8(truncatingIfNeeded: size >> (8 * index)) }
    }
    put(Array((octal(0, digits: 11) + "\u{0}").utf8), at: 136)
    // The check sum is taken with blanks in its place.
    put(Array("        0".utf8), at: 148)
    put(Array("ustar\u{0}00".utf8), at: 257)
    let sum = header.reduce(Int64(0)) { $0 + Int64($1) }
    put(Array((octal(sum, digits: 6) + "\u{0} ").utf8), at: 148)
    return header
  }

  private static func octal(_ value: Int64, digits: Int) -> String {
    let text = String(value, radix: 8)
    return String(repeating: "0", count: max(0, digits - text.utf8.count)) + text
  }
}

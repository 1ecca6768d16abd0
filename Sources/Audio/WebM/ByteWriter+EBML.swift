import Primitives

extension ByteWriter {
  /// Octets of the size in front of bodies that are filled in later.
  static let wideSize = 8

  /// An element's ID, in as many octets as it has.
  mutating func writeID(_ id: UInt32) {
    for shift in [24, 16, 8, 0] as [UInt32] where id >> shift != 0 { write(UInt8(truncatingIfNeeded: id >> shift)) }
  }

  /// The size of a body, in the fewest octets that hold it or in so many; RFC 8794, section 6.
  mutating func writeSize(_ size: Int, octets: Int? = nil) {
    let size = UInt64(clamping: size)
    var count = octets ?? 1
    // All ones stand for "not known".
    while octets == nil, count < 8, size >= UInt64(1) << UInt64(7 * count) - 1 { count += 1 }
    let value = size | UInt64(1) << UInt64(7 * count)
    for index in (0..<count).reversed() { write(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  /// The size of a body that is still growing.
  mutating func writeUnknownSize() { write(UInt64(0x01FF_FFFF_FFFF_FFFF)) }

  mutating func writeElement(_ id: UInt32, _ body: [UInt8]) {
    writeID(id)
    writeSize(body.count)
    write(body)
  }

  /// An element of other elements.
  mutating func writeElement(_ id: UInt32, _ fill: (inout ByteWriter) -> Void) {
    var body = ByteWriter()
    fill(&body)
    writeElement(id, body.bytes)
  }

  mutating func writeElement(_ id: UInt32, text: String) { writeElement(id, Array(text.utf8)) }

  /// An unsigned integer, in the fewest octets that hold it or in so many.
  mutating func writeElement(_ id: UInt32, number: UInt64, octets: Int? = nil) {
    let count = octets ?? max(1, (64 - number.leadingZeroBitCount + 7) / 8)
    writeID(id)
    writeSize(count)
    for index in (0..<count).reversed() { write(UInt8(truncatingIfNeeded: number >> UInt64(8 * index))) }
  }

  mutating func writeElement(_ id: UInt32, float: Double) {
    writeID(id)
    writeSize(8)
    write(float.bitPattern)
  }

  /// The head of an element that says nothing and is `count` octets long with its head: 2 or more.
  mutating func writeVoidHead(_ count: Int) {
    guard count >= 2 else { return }
    writeID(MatroskaID.void)
    // 9 octets hold a size of any length; below that one octet of size is enough.
    let octets = count > Self.wideSize ? Self.wideSize : 1
    writeSize(count - 1 - octets, octets: octets)
  }

  /// The same with its body of zeros.
  mutating func writeVoid(_ count: Int) {
    let end = self.count + count
    writeVoidHead(count)
    write([UInt8](repeating: 0, count: max(0, end - self.count)))
  }
}

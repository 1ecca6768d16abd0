/// Reads big-endian fields out of bytes from the network: every read is checked, none can trap.
///
/// Little-endian variants serve RIFF. After a failed read the position is unchanged.
package struct ByteReader: ~Escapable {
  @usableFromInline let bytes: Span<UInt8>
  /// Octets consumed so far.
  @usableFromInline package private(set) var offset: Int

  @_lifetime(copy bytes)
  package init(_ bytes: Span<UInt8>) {
    self.bytes = bytes
    self.offset = 0
  }

  package var remaining: Int { bytes.count - offset }
  package var isAtEnd: Bool { offset >= bytes.count }

  @_lifetime(self: copy self)
  package mutating func readUInt8() -> UInt8? { readBigEndian(1).map { UInt8(truncatingIfNeeded: $0) } }
  @_lifetime(self: copy self)
  package mutating func readUInt16() -> UInt16? { readBigEndian(2).map { UInt16(truncatingIfNeeded: $0) } }
  @_lifetime(self: copy self)
  package mutating func readUInt24() -> UInt32? { readBigEndian(3).map { UInt32(truncatingIfNeeded: $0) } }
  @_lifetime(self: copy self)
  package mutating func readUInt32() -> UInt32? { readBigEndian(4).map { UInt32(truncatingIfNeeded: $0) } }
  @_lifetime(self: copy self)
  package mutating func readUInt64() -> UInt64? { readBigEndian(8) }

  @_lifetime(self: copy self)
  package mutating func readLittleEndianUInt16() -> UInt16? { readUInt16()?.byteSwapped }
  @_lifetime(self: copy self)
  package mutating func readLittleEndianUInt32() -> UInt32? { readUInt32()?.byteSwapped }
  @_lifetime(self: copy self)
  package mutating func readLittleEndianUInt64() -> UInt64? { readUInt64()?.byteSwapped }

  /// The next `count` octets, copied out; nil if fewer are left or `count` is negative.
  @_lifetime(self: copy self)
  package mutating func readBytes(_ count: Int) -> [UInt8]? {
    guard count >= 0, count <= remaining else { return nil }
    var copy: [UInt8] = []
    copy.reserveCapacity(count)
    for index in offset..<(offset + count) { copy.append(bytes[index]) }
    offset += count
    return copy
  }

  /// Passes over `count` octets; false, and no move, if fewer are left.
  @_lifetime(self: copy self)
  package mutating func skip(_ count: Int) -> Bool {
    guard count >= 0, count <= remaining else { return false }
    offset += count
    return true
  }

  @_lifetime(self: copy self)
  private mutating func readBigEndian(_ count: Int) -> UInt64? {
    guard count <= remaining else { return nil }
    var value: UInt64 = 0
    for index in offset..<(offset + count) { value = value << 8 | UInt64(bytes[index]) }
    offset += count
    return value
  }
}

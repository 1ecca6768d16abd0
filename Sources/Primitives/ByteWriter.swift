/// Builds a message of big-endian fields; little-endian variants serve RIFF.
package struct ByteWriter: Sendable {
  package private(set) var bytes: [UInt8] = []

  package init(capacity: Int = 0) { bytes.reserveCapacity(capacity) }

  package var count: Int { bytes.count }

  package mutating func write(_ value: UInt8) { bytes.append(value) }

  package mutating func write(_ value: UInt16) {
    bytes.append(UInt8(value >> 8))
    bytes.append(UInt8(truncatingIfNeeded: value))
  }

  package mutating func write(_ value: UInt32) {
    write(UInt16(value >> 16))
    write(UInt16(truncatingIfNeeded: value))
  }

  package mutating func write(_ value: UInt64) {
    write(UInt32(value >> 32))
    write(UInt32(truncatingIfNeeded: value))
  }

  /// The lower 24 bits.
  package mutating func writeUInt24(_ value: UInt32) {
    write(UInt8(truncatingIfNeeded: value >> 16))
    write(UInt16(truncatingIfNeeded: value))
  }

  package mutating func writeLittleEndian(_ value: UInt16) { write(value.byteSwapped) }
  package mutating func writeLittleEndian(_ value: UInt32) { write(value.byteSwapped) }
  package mutating func writeLittleEndian(_ value: UInt64) { write(value.byteSwapped) }

  package mutating func write(_ more: [UInt8]) { bytes.append(contentsOf: more) }
  package mutating func write(_ more: ArraySlice<UInt8>) { bytes.append(contentsOf: more) }
  package mutating func write(_ text: String) { bytes.append(contentsOf: text.utf8) }
}

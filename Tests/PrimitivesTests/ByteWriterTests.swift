import Primitives
import Testing

/// Writing fields; what is written reads the same.
@Suite struct ByteWriterTests {
  @Test func fieldsAreBigEndian() {
    var writer = ByteWriter(capacity: 18)
    writer.write(UInt8(0x01))
    writer.write(UInt16(0x0203))
    writer.writeUInt24(0x040506)
    writer.write(UInt32(0x0708_090A))
    writer.write(UInt64(0x0B0C_0D0E_0F10_1112))
    #expect(writer.bytes == (1...18).map { UInt8($0) })
    #expect(writer.count == 18)
  }

  @Test func littleEndianForFiles() {
    var writer = ByteWriter()
    writer.writeLittleEndian(UInt16(0x0201))
    writer.writeLittleEndian(UInt32(0x0605_0403))
    writer.writeLittleEndian(UInt64(0x0E0D_0C0B_0A09_0807))
    #expect(writer.bytes == (1...14).map { UInt8($0) })
  }

  @Test func theTopOctetOf24BitsIsLeftOut() {
    var writer = ByteWriter()
    writer.writeUInt24(0xFF12_3456)
    #expect(writer.bytes == [0x12, 0x34, 0x56])
  }

  @Test func bytesAndTextAreAppended() {
    var writer = ByteWriter()
    writer.write([1, 2])
    writer.write([9, 3, 4, 9][1...2])
    writer.write("ä")
    #expect(writer.bytes == [1, 2, 3, 4, 0xC3, 0xA4])
  }

  @Test func whatIsWrittenReadsTheSame() {
    var random = RandomSource.seeded(1)
    for _ in 0..<500 {
      let value = random.next()
      var writer = ByteWriter()
      writer.write(UInt8(truncatingIfNeeded: value))
      writer.write(UInt16(truncatingIfNeeded: value))
      writer.writeUInt24(UInt32(truncatingIfNeeded: value))
      writer.write(UInt32(truncatingIfNeeded: value))
      writer.write(value)
      writer.writeLittleEndian(UInt16(truncatingIfNeeded: value))
      writer.writeLittleEndian(UInt32(truncatingIfNeeded: value))
      writer.writeLittleEndian(value)
      let bytes = writer.bytes
      var reader = ByteReader(bytes.span)
      #expect(reader.readUInt8() == UInt8(truncatingIfNeeded: value))
      #expect(reader.readUInt16() == UInt16(truncatingIfNeeded: value))
      #expect(reader.readUInt24() == UInt32(truncatingIfNeeded: value) & 0xFF_FFFF)
      #expect(reader.readUInt32() == UInt32(truncatingIfNeeded: value))
      #expect(reader.readUInt64() == value)
      #expect(reader.readLittleEndianUInt16() == UInt16(truncatingIfNeeded: value))
      #expect(reader.readLittleEndianUInt32() == UInt32(truncatingIfNeeded: value))
      #expect(reader.readLittleEndianUInt64() == value)
      #expect(reader.isAtEnd == true)
    }
  }
}

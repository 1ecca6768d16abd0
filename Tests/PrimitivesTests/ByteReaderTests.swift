import Primitives
import Testing

/// Reading fields: right values, and no step beyond the end.
@Suite struct ByteReaderTests {
  @Test func fieldsAreBigEndian() {
    let bytes = (1...18).map { UInt8($0) }
    var reader = ByteReader(bytes.span)
    #expect(reader.readUInt8() == 0x01)
    #expect(reader.readUInt16() == 0x0203)
    #expect(reader.readUInt24() == 0x040506)
    #expect(reader.readUInt32() == 0x0708_090A)
    #expect(reader.readUInt64() == 0x0B0C_0D0E_0F10_1112)
    #expect(reader.isAtEnd == true)
    #expect(reader.remaining == 0)
  }

  @Test func littleEndianForFiles() {
    let bytes = (1...14).map { UInt8($0) }
    var reader = ByteReader(bytes.span)
    #expect(reader.readLittleEndianUInt16() == 0x0201)
    #expect(reader.readLittleEndianUInt32() == 0x0605_0403)
    #expect(reader.readLittleEndianUInt64() == 0x0E0D_0C0B_0A09_0807)
    #expect(reader.isAtEnd == true)
  }

  @Test func aFailedReadMovesNothing() {
    let bytes: [UInt8] = [0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0x01]
    var reader = ByteReader(bytes.span)
    #expect(reader.readUInt64() == nil)
    #expect(reader.readLittleEndianUInt64() == nil)
    #expect(reader.readBytes(8) == nil)
    #expect(reader.skip(8) == false)
    #expect(reader.offset == 0)
    #expect(reader.skip(4) == true)
    #expect(reader.readUInt32() == nil)
    #expect(reader.readLittleEndianUInt32() == nil)
    #expect(reader.offset == 4)
    #expect(reader.skip(1) == true)
    #expect(reader.readUInt24() == nil)
    #expect(reader.skip(1) == true)
    #expect(reader.readUInt16() == nil)
    #expect(reader.readLittleEndianUInt16() == nil)
    #expect(reader.readUInt8() == 0x01)
    #expect(reader.readUInt8() == nil)
    #expect(reader.offset == 7)
  }

  @Test func countsFromThePeerAreChecked() {
    let bytes: [UInt8] = [1, 2, 3]
    var reader = ByteReader(bytes.span)
    for count in [-1, Int.min, Int.max, 4] {
      #expect(reader.readBytes(count) == nil)
      #expect(reader.skip(count) == false)
    }
    #expect(reader.readUInt8() == 1)
    // The distance to the end counts, not the length of the whole.
    #expect(reader.readBytes(3) == nil)
    #expect(reader.skip(Int.max) == false)
    #expect(reader.readBytes(0) == [])
    #expect(reader.readBytes(2) == [2, 3])
    #expect(reader.isAtEnd == true)
    #expect(reader.skip(0) == true)
    #expect(reader.readBytes(0) == [])
  }

  @Test func nothingIsReadFromNothing() {
    let bytes: [UInt8] = []
    var reader = ByteReader(bytes.span)
    #expect(reader.isAtEnd == true)
    #expect(reader.readUInt8() == nil)
    #expect(reader.readUInt16() == nil)
    #expect(reader.readUInt24() == nil)
    #expect(reader.readUInt32() == nil)
    #expect(reader.readUInt64() == nil)
  }
}

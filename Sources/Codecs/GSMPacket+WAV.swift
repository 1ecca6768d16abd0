/// WAV files pack two frames of GSM 06.10 into 65 octets (format 0x31): the same parameters in the same order, but from
/// the least significant bit of each octet on, and without the signatures.
///
/// ```
///  7 6 5 4 3 2 1 0
/// +-+-+-+-+-+-+-+-+
/// |LA2|   LARc 1  |   each parameter begins at the lowest bit that is free; frame 2 begins in the middle of octet 32
/// +-+-+-+-+-+-+-+-+
/// ```
extension GSMPacket {
  /// Octets of a block.
  package static let blockOctets = 65

  /// Bits of the parameters of a sub-frame: Nc, bc, Mc, xmaxc, 13 times xmc.
  private static let subframeBits = [7, 2, 2, 6] + Array(repeating: 3, count: 13)
  /// Bits of all parameters of a frame, the eight LARc first.
  private static let parameterBits = [6, 6, 5, 5, 4, 4, 3, 3] + (0..<4).flatMap { _ in subframeBits }

  /// Appends the two frames of a block as a packet has them; nothing if the block is too short.
  package static func unpack(block: Span<UInt8>, into frames: inout [UInt8]) {
    guard block.count >= blockOctets else { return }
    var place = 0
    for _ in 0..<2 {
      // The signature, four bits.
      var word: UInt32 = 0xD
      var held = 4
      for bits in parameterBits {
        var value: UInt32 = 0
        for bit in 0..<bits {
          value |= UInt32(block[place &>> 3] &>> UInt8(place & 7) & 1) &<< UInt32(bit)
          place &+= 1
        }
        word = word &<< UInt32(bits) | value
        held &+= bits
        while held >= 8 {
          held &-= 8
          frames.append(UInt8(truncatingIfNeeded: word &>> UInt32(held)))
        }
      }
    }
  }
}

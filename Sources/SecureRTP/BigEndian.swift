/// Big-endian words in place. The caller has checked that they lie in the span.
enum BigEndian {
  static func uint16(_ packet: Span<UInt8>, _ at: Int) -> UInt16 { UInt16(packet[at]) << 8 | UInt16(packet[at &+ 1]) }

  static func uint32(_ packet: Span<UInt8>, _ at: Int) -> UInt32 {
    UInt32(uint16(packet, at)) << 16 | UInt32(uint16(packet, at &+ 2))
  }

  static func write(_ word: UInt32, to packet: inout MutableSpan<UInt8>, at: Int) {
    for place in 0..<4 { packet[at &+ place] = UInt8(truncatingIfNeeded: word >> UInt32(24 &- 8 &* place)) }
  }
}

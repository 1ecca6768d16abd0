extension RTPHeader {
  /// Where the data of one header extension element stands; nil if the packet has no such element.
  ///
  /// One-byte form (profile 0xBEDE), RFC 8285, section 4.2; two-byte form (profile 0x100x), section 4.3:
  /// ```
  ///  0 1 2 3 4 5 6 7                  0                   1
  /// +-+-+-+-+-+-+-+-+                 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
  /// |  ID   |len - 1| data …         +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  /// +-+-+-+-+-+-+-+-+                 |      ID       |    length     | data …
  ///                                  +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
  /// ```
  package func element(_ id: UInt8, in packet: Span<UInt8>) -> Range<Int>? {
    guard let profile = extensionProfile else { return nil }
    let end = min(extensionOffset &+ extensionCount, packet.count)
    if profile == 0xBEDE { return oneByteElement(id, in: packet, end: end) }
    if profile & 0xFFF0 == 0x1000 { return twoByteElement(id, in: packet, end: end) }
    return nil
  }

  /// The sender's own measure of the packet's audio, RFC 6464: `level` is 0 (loudest) to 127 (silence) in −dBov,
  /// `voice` its opinion whether somebody speaks. Nil if the packet does not say.
  package func audioLevel(in packet: Span<UInt8>, extensionID: UInt8) -> (level: UInt8, voice: Bool)? {
    guard let place = element(extensionID, in: packet), !place.isEmpty else { return nil }
    let octet = packet[place.lowerBound]
    return (octet & 0x7F, octet & 0x80 != 0)
  }

  private func oneByteElement(_ id: UInt8, in packet: Span<UInt8>, end: Int) -> Range<Int>? {
    guard (1...14).contains(id) else { return nil }
    var offset = extensionOffset
    while offset < end {
      let octet = packet[offset]
      offset &+= 1
      if octet == 0 { continue }  // padding
      let found = octet >> 4
      if found == 15 { return nil }  // the rest must be ignored
      let count = Int(octet & 0x0F) &+ 1
      guard offset &+ count <= end else { return nil }
      if found == id { return offset..<(offset &+ count) }
      offset &+= count
    }
    return nil
  }

  private func twoByteElement(_ id: UInt8, in packet: Span<UInt8>, end: Int) -> Range<Int>? {
    guard id != 0 else { return nil }
    var offset = extensionOffset
    while offset < end {
      let found = packet[offset]
      offset &+= 1
      if found == 0 { continue }  // padding
      guard offset < end else { return nil }
      let count = Int(packet[offset])
      offset &+= 1
      guard offset &+ count <= end else { return nil }
      if found == id { return offset..<(offset &+ count) }
      offset &+= count
    }
    return nil
  }
}

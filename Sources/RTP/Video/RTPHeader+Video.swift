import Primitives

extension RTPHeader {
  /// The text of a `mid`, `rid` or `repaired-rid` element; nil if there is none or it is longer than 16 octets.
  package func label(_ id: UInt8, in packet: Span<UInt8>) -> StreamLabel? {
    guard let place = element(id, in: packet) else { return nil }
    return StreamLabel(packet.extracting(place))
  }

  /// The number that counts a sender's packets over all its streams;
  /// draft-holmer-rmcat-transport-wide-cc-extensions-01, section 2.
  package func transportSequence(_ id: UInt8, in packet: Span<UInt8>) -> UInt16? {
    guard let place = element(id, in: packet), place.count >= 2 else { return nil }
    return Self.bigEndian16(packet, place.lowerBound)
  }

  /// When the packet left its sender: 24 bits of seconds, 18 of them behind the point, so it wraps after 64 s.
  package func absoluteSendTime(_ id: UInt8, in packet: Span<UInt8>) -> UInt32? {
    guard let place = element(id, in: packet), place.count == 3 else { return nil }
    return UInt32(packet[place.lowerBound]) << 16 | UInt32(Self.bigEndian16(packet, place.lowerBound &+ 1))
  }

  /// The same unit for a time of ours.
  package static func absoluteSendTime(at now: Instant) -> UInt32 {
    // 64 s are 2^24 units: taken first, so that nothing overflows.
    let nanoseconds = UInt64(bitPattern: now.nanoseconds) % 64_000_000_000
    return UInt32(truncatingIfNeeded: (nanoseconds << 18) / 1_000_000_000) & 0xFF_FFFF
  }
}

import SecureRTP

// Arrays in and out, for tests: contexts work on spans. Packets are made by their fields.

extension SRTPContext {
  mutating func protected(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
    var buffer = packet + [UInt8](repeating: 0xEE, count: profile.rtpTagCount)
    var span = buffer.mutableSpan
    let count = try protect(rtp: &span, count: packet.count)
    return Array(buffer.prefix(count))
  }

  mutating func unprotected(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
    var buffer = packet
    var span = buffer.mutableSpan
    let count = try unprotect(rtp: &span, count: packet.count)
    return Array(buffer.prefix(count))
  }

  mutating func protectedRTCP(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
    var buffer = packet + [UInt8](repeating: 0xEE, count: profile.rtcpOverhead)
    var span = buffer.mutableSpan
    let count = try protect(rtcp: &span, count: packet.count)
    return Array(buffer.prefix(count))
  }

  mutating func unprotectedRTCP(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
    var buffer = packet
    var span = buffer.mutableSpan
    let count = try unprotect(rtcp: &span, count: packet.count)
    return Array(buffer.prefix(count))
  }
}

enum Packet {
  static func rtp(_ sequence: Int, ssrc: UInt32 = 7, payload: Int = 20) -> [UInt8] {
    let wire = UInt16(truncatingIfNeeded: sequence)
    return [0x80, 111, UInt8(wire >> 8), UInt8(wire & 255), 0, 0, 1, 64] + word(ssrc)
      + (0..<payload).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ sequence) }
  }

  /// A receiver report without blocks, and an application packet behind it.
  static func rtcp(ssrc: UInt32 = 7) -> [UInt8] {
    [0x80, 201, 0, 1] + word(ssrc) + [0x80, 204, 0, 2] + word(ssrc) + Array("test".utf8)
  }

  static func word(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> UInt32($0)) }
  }
}

/// What can be read from an Opus packet without decoding it (RFC 6716, section 3).
///
/// ```
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// | config  |s| c |   c = 3: the next octet is |v|p|     M     |, M frames
/// +-+-+-+-+-+-+-+-+
/// ```
package enum OpusPacket {
  /// Samples at 48 kHz; nil if the packet is empty, longer than 120 ms or its frames do not fit.
  package static func duration(_ packet: Span<UInt8>) -> Int? {
    guard packet.count > 0 else { return nil }
    let header = packet[0]
    let frame = frameDuration(header)
    switch header & 3 {
    case 0: return packet.count <= 1_276 ? frame : nil
    case 1: return packet.count % 2 == 1 && packet.count <= 2_551 ? 2 * frame : nil
    case 2: return secondFrameFits(packet) ? 2 * frame : nil
    default:
      guard packet.count > 1 else { return nil }
      let frames = Int(packet[1] & 0x3F)
      return frames > 0 && frames * frame <= 5_760 ? frames * frame : nil
    }
  }

  /// Samples at 48 kHz of each frame in a packet with this first octet (RFC 6716, section 3.1, table 2).
  package static func frameDuration(_ header: UInt8) -> Int {
    let config = Int(header &>> 3)
    if config >= 16 { return 120 << (config & 3) }
    if config >= 12 { return 480 << (config & 1) }
    return config & 3 == 3 ? 2_880 : 480 << (config & 3)
  }

  /// Samples a second that what a packet with this first octet holds is worth, in hertz (RFC 6716, section 3.1, table 2).
  package static func audibleRate(_ header: UInt8) -> Int {
    switch header &>> 3 {
    case 0...3, 16...19: 8_000
    case 4...7: 12_000
    case 8...11, 20...23: 16_000
    case 12, 13, 24...27: 24_000
    default: 48_000
    }
  }

  /// Code 2: the first frame's length stands before it in one or two octets (RFC 6716, section 3.2.1).
  private static func secondFrameFits(_ packet: Span<UInt8>) -> Bool {
    guard packet.count > 1 else { return false }
    let first = Int(packet[1])
    if first < 252 { return 2 + first <= packet.count }
    guard packet.count > 2 else { return false }
    return 3 + 4 * Int(packet[2]) + first <= packet.count
  }
}

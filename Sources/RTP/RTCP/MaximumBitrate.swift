import Primitives

/// A receiver's estimate of what it can take, REMB; draft-alvestrand-rmcat-remb-03, section 2.2. Payload-specific,
/// format 15 with the name `REMB`.
///
/// ```
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Unique identifier 'R' 'E' 'M' 'B'                            |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  Num SSRC     | BR Exp    |  BR Mantissa                      |
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |   SSRC feedback …                                             |
/// ```
package struct MaximumBitrate: Hashable, Sendable {
  private static let format: UInt8 = 15
  private static let name: UInt32 = 0x5245_4D42
  private static let mantissa: UInt64 = 0x3_FFFF

  package var sender: UInt32
  /// Bits a second, at most 2^64 - 1; encoding keeps the upper 18 bits.
  package var bitrate: UInt64
  /// The streams that share it; at most 255.
  package var ssrcs: [UInt32]

  package init(sender: UInt32, bitrate: UInt64, ssrcs: [UInt32]) {
    self.sender = sender
    self.bitrate = bitrate
    self.ssrcs = ssrcs
  }

  /// Nil for other feedback, and for a bit rate that no 64 bits hold.
  package init?(_ feedback: Feedback) {
    guard feedback.layer == .payload, feedback.format == Self.format else { return nil }
    var reader = ByteReader(feedback.information.span)
    guard reader.readUInt32() == Self.name, let count = reader.readUInt8(), let rate = reader.readUInt24() else {
      return nil
    }
    let exponent = UInt64(rate >> 18)
    let mantissa = UInt64(rate) & Self.mantissa
    let bitrate = mantissa << exponent
    guard bitrate >> exponent == mantissa else { return nil }
    var ssrcs: [UInt32] = []
    for _ in 0..<count {
      guard let ssrc = reader.readUInt32() else { return nil }
      ssrcs.append(ssrc)
    }
    self.init(sender: feedback.sender, bitrate: bitrate, ssrcs: ssrcs)
  }

  package var feedback: Feedback {
    var writer = ByteWriter(capacity: 8 &+ ssrcs.count &* 4)
    writer.write(Self.name)
    let streams = ssrcs.prefix(255)
    writer.write(UInt8(clamping: streams.count))
    var exponent: UInt32 = 0
    while bitrate >> UInt64(exponent) > Self.mantissa { exponent &+= 1 }
    writer.writeUInt24(exponent << 18 | UInt32(truncatingIfNeeded: bitrate >> UInt64(exponent)))
    for ssrc in streams { writer.write(ssrc) }
    return Feedback(layer: .payload, format: Self.format, sender: sender, media: 0, information: writer.bytes)
  }
}

/// Where the frames of a Speex packet lie, found without decoding it (RFC 5574, section 3; the Speex manual, sections 9 and 10).
///
/// ```
///  0 1 2 3 4
/// +-+-+-+-+-+------
/// |0|  mode | …      narrowband frame: mode 0…8; 13, 14: a message in the band; 15: the end, what follows is padding
/// +-+-+-+-+-+------
/// |1|mode | …        layers above it: 4 to 8 kHz, mode 0…4; 8 to 16 kHz, mode 0 or 1
/// +-+-+-+-+--------
/// ```
/// libspeex is shown no packet that has not passed here: it writes to the process's standard error for each broken one, and
/// narrowband decoders step backwards over layers of modes 0 and 5 to 7.
package struct SpeexPacket: Sendable {
  /// Of 20 ms; RFC 3551, section 4.2, has receivers take up to 200 ms.
  package static let maximumFrames = 10
  private static let maximumOctets = 1_500
  /// Bits of a narrowband frame by its mode, header included.
  private static let frameBits: InlineArray<9, Int> = [5, 43, 119, 160, 220, 300, 364, 492, 79]
  /// Bits of a layer by its mode, header included.
  private static let layerBits: InlineArray<5, Int> = [4, 36, 112, 192, 352]
  /// Bits of a message's content by its code.
  private static let messageBits: InlineArray<16, Int> = [1, 1, 4, 4, 4, 4, 4, 4, 8, 8, 16, 16, 32, 32, 64, 64]

  /// Frames.
  package private(set) var count = 0
  private var starts = InlineArray<10, Int>(repeating: 0)

  /// Nil if there is no frame, if there are too many, or if one does not fit.
  package init?(_ payload: Span<UInt8>) {
    guard payload.count > 0, payload.count <= Self.maximumOctets else { return nil }
    let end = 8 &* payload.count
    var place = 0
    // Fewer than five bits are padding, whatever they are.
    reading: while end &- place >= 5 {
      let mode = Self.bits(payload, at: place, 5)
      switch mode {
      case 0...8:
        let start = place
        place = place &+ Self.frameBits[mode]
        guard count < Self.maximumFrames, place <= end, Self.passLayers(payload, at: &place) else { return nil }
        starts[count] = start
        count &+= 1
      case 13:
        guard end &- place >= 9 else { return nil }
        place = place &+ 14 &+ 8 &* Self.bits(payload, at: place &+ 5, 4)
      case 14:
        guard end &- place >= 9 else { return nil }
        place = place &+ 9 &+ Self.messageBits[Self.bits(payload, at: place &+ 5, 4)]
      case 15: break reading
      default: return nil
      }
    }
    guard count > 0, place <= end else { return nil }
  }

  /// The bit that a frame starts at.
  package func start(of frame: Int) -> Int { frame >= 0 && frame < count ? starts[frame] : 0 }

  /// Samples at this rate (8,000, 16,000 or 32,000 Hz); nil if the packet is badly framed.
  package static func duration(_ payload: Span<UInt8>, sampleRate: Int) -> Int? {
    SpeexPacket(payload).map { $0.count * sampleRate / 50 }
  }

  /// Steps over up to two layers; false if one does not fit or has no known mode.
  private static func passLayers(_ payload: Span<UInt8>, at place: inout Int) -> Bool {
    let end = 8 &* payload.count
    for layer in 0..<2 where end &- place >= 4 && bits(payload, at: place, 1) == 1 {
      let mode = bits(payload, at: place, 4) & 7
      guard mode <= (layer == 0 ? 4 : 1) else { return false }
      place = place &+ layerBits[mode]
      guard place <= end else { return false }
    }
    return true
  }

  /// Up to eight bits, which must be there.
  private static func bits(_ payload: Span<UInt8>, at place: Int, _ count: Int) -> Int {
    let octet = place &>> 3
    let high = Int(payload[octet]) &<< 8
    let word = octet &+ 1 < payload.count ? high | Int(payload[octet &+ 1]) : high
    return word &>> (16 &- count &- (place & 7)) & (1 &<< count &- 1)
  }
}

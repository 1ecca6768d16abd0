/// The beginning of a VP8 frame; RFC 6386, section 9.1.
///
/// ```
///   0 1 2 3 4 5 6 7
///  +-+-+-+-+-+-+-+-+
///  |Size0|H| VER |P|   P: 0 for a key frame; H: shown
///  +-+-+-+-+-+-+-+-+
///  |     Size1     |   octets of the first partition: Size0 + 8 × Size1 + 2048 × Size2
///  +-+-+-+-+-+-+-+-+
///  |     Size2     |
///  +-+-+-+-+-+-+-+-+   and in a key frame
///  | 9D 01 2A      |   start code
///  +-+-+-+-+-+-+-+-+
///  | width, height |   little-endian, 14 bits and 2 of scale each
///  +-+-+-+-+-+-+-+-+
/// ```
package struct VP8FrameHeader: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// Picture elements.
    case key(width: UInt16, height: UInt16)
    case inter
  }

  package var kind: Kind
  package var version: UInt8
  package var isShown: Bool
  /// Octets of the first partition.
  package var firstPartition: UInt32

  /// Nil if these octets begin no frame.
  package init?(_ frame: Span<UInt8>) {
    guard frame.count >= 3 else { return nil }
    let first = frame[0]
    version = first >> 1 & 7
    isShown = first & 0x10 != 0
    firstPartition = UInt32(first >> 5) | UInt32(frame[1]) << 3 | UInt32(frame[2]) << 11
    guard first & 1 == 0 else {
      kind = .inter
      return
    }
    guard frame.count >= 10, frame[3] == 0x9D, frame[4] == 0x01, frame[5] == 0x2A else { return nil }
    kind = .key(
      width: (UInt16(frame[6]) | UInt16(frame[7]) << 8) & 0x3FFF,
      height: (UInt16(frame[8]) | UInt16(frame[9]) << 8) & 0x3FFF)
  }
}

/// The payload descriptor in front of every packet of VP8; RFC 7741, section 4.2.
///
/// ```
///      0 1 2 3 4 5 6 7
///     +-+-+-+-+-+-+-+-+
///     |X|R|N|S|R| PID | required
///     +-+-+-+-+-+-+-+-+
///  X: |I|L|T|K| RSV   | optional
///     +-+-+-+-+-+-+-+-+
///  I: |M| PictureID   | 7 bits, or with M 15 in two octets
///     +-+-+-+-+-+-+-+-+
///  L: |   TL0PICIDX   |
///     +-+-+-+-+-+-+-+-+
/// T/K:|TID|Y| KEYIDX  |
///     +-+-+-+-+-+-+-+-+
/// ```
package struct VP8Descriptor: Hashable, Sendable {
  /// A picture's number and how many bits it has on the wire.
  package enum PictureID: Hashable, Sendable {
    /// 7 bits.
    case short(UInt8)
    /// 15 bits.
    case long(UInt16)

    package var value: UInt16 {
      switch self {
      case .short(let value): UInt16(value)
      case .long(let value): value
      }
    }
  }

  /// N: nothing is predicted from this frame.
  package var isDisposable: Bool
  /// S: the packet begins a partition.
  package var startsPartition: Bool
  /// PID, 0 to 7.
  package var partition: UInt8
  package var pictureID: PictureID?
  /// TL0PICIDX: a running number of the base layer's frames.
  package var baseLayerIndex: UInt8?
  /// TID, 0 to 3.
  package var temporalLayer: UInt8?
  /// Y: the frame depends on the base layer only.
  package var isLayerSync: Bool
  /// KEYIDX, 0 to 31.
  package var keyIndex: UInt8?
  /// Octets of the descriptor: VP8 itself stands behind.
  package var count: Int

  /// The first packet of a frame.
  package var startsFrame: Bool { startsPartition && partition == 0 }

  package static func parse(_ payload: Span<UInt8>) throws(VideoPayloadError) -> VP8Descriptor {
    guard payload.count >= 1 else { throw .truncated }
    let first = payload[0]
    var descriptor = VP8Descriptor(
      isDisposable: first & 0x20 != 0, startsPartition: first & 0x10 != 0, partition: first & 0x07, isLayerSync: false,
      count: 1)
    guard first & 0x80 != 0 else { return descriptor }
    guard payload.count >= 2 else { throw .truncated }
    let present = payload[1]
    var offset = 2
    if present & 0x80 != 0 {
      guard offset < payload.count else { throw .truncated }
      let octet = payload[offset]
      if octet & 0x80 != 0 {
        guard offset &+ 1 < payload.count else { throw .truncated }
        descriptor.pictureID = .long(UInt16(octet & 0x7F) << 8 | UInt16(payload[offset &+ 1]))
        offset &+= 2
      } else {
        descriptor.pictureID = .short(octet)
        offset &+= 1
      }
    }
    if present & 0x40 != 0 {
      guard offset < payload.count else { throw .truncated }
      descriptor.baseLayerIndex = payload[offset]
      offset &+= 1
    }
    if present & 0x30 != 0 {
      guard offset < payload.count else { throw .truncated }
      let octet = payload[offset]
      if present & 0x20 != 0 {
        descriptor.temporalLayer = octet >> 6
        descriptor.isLayerSync = octet & 0x20 != 0
      }
      if present & 0x10 != 0 { descriptor.keyIndex = octet & 0x1F }
      offset &+= 1
    }
    descriptor.count = offset
    return descriptor
  }

  /// Writes other numbers over those of the payload that this descriptor was read from. The width of the picture id
  /// stays; what the payload does not carry is not added.
  package func rewrite(_ payload: inout MutableSpan<UInt8>, pictureID value: UInt16, baseLayerIndex index: UInt8) {
    guard payload.count >= count else { return }
    var offset = 2
    switch pictureID {
    case .none: break
    case .short:
      payload[offset] = UInt8(truncatingIfNeeded: value & 0x7F)
      offset &+= 1
    case .long:
      payload[offset] = 0x80 | UInt8(truncatingIfNeeded: value >> 8)
      payload[offset &+ 1] = UInt8(truncatingIfNeeded: value)
      offset &+= 2
    }
    if baseLayerIndex != nil { payload[offset] = index }
  }

  /// What forwarding needs to know, with the frame header behind the descriptor where a frame begins.
  func mark(_ payload: Span<UInt8>) -> FrameMark {
    var mark = FrameMark(
      startsFrame: startsFrame, startsKeyFrame: false, temporalLayer: temporalLayer ?? 0,
      temporalSwitch: isLayerSync ? .toThisLayer : .none, vp8: self)
    guard startsFrame, count < payload.count, let header = VP8FrameHeader(payload.extracting(count..<payload.count))
    else { return mark }
    switch header.kind {
    case .key(let width, let height):
      mark.startsKeyFrame = true
      mark.width = width
      mark.height = height
    case .inter: break
    }
    return mark
  }
}

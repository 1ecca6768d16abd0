/// The payload descriptor in front of every packet of VP9, as far as forwarding reads it; RFC 9628, section 4.2.
///
/// ```
///      0 1 2 3 4 5 6 7
///     +-+-+-+-+-+-+-+-+
///     |I|P|L|F|B|E|V|Z| required
///     +-+-+-+-+-+-+-+-+
///  I: |M| PICTURE ID  | 7 bits, or with M 15 in two octets
///     +-+-+-+-+-+-+-+-+
///  L: | TID |U| SID |D|
///     +-+-+-+-+-+-+-+-+
///     |   TL0PICIDX   | with L and without F
///     +-+-+-+-+-+-+-+-+
/// P,F:|   P_DIFF    |N| up to three times
///     +-+-+-+-+-+-+-+-+
///  V: | SS …          | scalability structure
///     +-+-+-+-+-+-+-+-+
/// ```
package struct VP9Descriptor: Hashable, Sendable {
  /// The most references of a frame in flexible mode.
  static let maximumReferences = 3

  /// P: predicted from earlier pictures.
  package var isInterPicture: Bool
  /// B and E: the first and the last packet of a layer's frame.
  package var startsFrame: Bool
  package var endsFrame: Bool
  package var pictureID: UInt16?
  package var baseLayerIndex: UInt8?
  /// 0 where the packet does not say.
  package var temporalLayer: UInt8 = 0
  package var spatialLayer: UInt8 = 0
  /// U: later pictures of higher temporal layers depend on nothing of theirs before this one.
  package var isSwitchingUpPoint = false
  /// D: predicted from the spatial layer below in the same picture.
  package var isInterLayer = false
  /// Picture elements of the highest spatial layer, where the scalability structure says; else 0.
  package var width: UInt16 = 0
  package var height: UInt16 = 0
  /// Octets of the descriptor.
  package var count = 0

  package static func parse(_ payload: Span<UInt8>) throws(VideoPayloadError) -> VP9Descriptor {
    guard payload.count >= 1 else { throw .truncated }
    let first = payload[0]
    var descriptor = VP9Descriptor(
      isInterPicture: first & 0x40 != 0, startsFrame: first & 0x08 != 0, endsFrame: first & 0x04 != 0)
    let isFlexible = first & 0x10 != 0
    var offset = 1
    if first & 0x80 != 0 {
      guard offset < payload.count else { throw .truncated }
      let octet = payload[offset]
      offset &+= 1
      var picture = UInt16(octet & 0x7F)
      if octet & 0x80 != 0 {
        guard offset < payload.count else { throw .truncated }
        picture = picture << 8 | UInt16(payload[offset])
        offset &+= 1
      }
      descriptor.pictureID = picture
    }
    if first & 0x20 != 0 {
      guard offset < payload.count else { throw .truncated }
      let octet = payload[offset]
      offset &+= 1
      descriptor.temporalLayer = octet >> 5
      descriptor.isSwitchingUpPoint = octet & 0x10 != 0
      descriptor.spatialLayer = octet >> 1 & 7
      descriptor.isInterLayer = octet & 1 != 0
      if !isFlexible {
        guard offset < payload.count else { throw .truncated }
        descriptor.baseLayerIndex = payload[offset]
        offset &+= 1
      }
    }
    if isFlexible, descriptor.isInterPicture {
      var references = 0
      var octet: UInt8 = 1
      while octet & 1 != 0 {
        guard references < maximumReferences else { throw .tooMany }
        guard offset < payload.count else { throw .truncated }
        octet = payload[offset]
        offset &+= 1
        references &+= 1
      }
    }
    descriptor.count = offset
    if first & 0x02 != 0 { try descriptor.readStructure(payload) }
    return descriptor
  }

  /// ```
  ///   +-+-+-+-+-+-+-+-+
  ///   | N_S |Y|G|-|-|-|   then width and height of N_S + 1 layers with Y; with G the number of pictures in a group, and
  ///   +-+-+-+-+-+-+-+-+   for each |TID|U| R |-|-| with R octets of P_DIFF
  /// ```
  private mutating func readStructure(_ payload: Span<UInt8>) throws(VideoPayloadError) {
    guard count < payload.count else { throw .truncated }
    let octet = payload[count]
    count &+= 1
    if octet & 0x10 != 0 {
      let sizes = (Int(octet >> 5) &+ 1) &* 4
      guard count &+ sizes <= payload.count else { throw .truncated }
      count &+= sizes
      width = RTPHeader.bigEndian16(payload, count &- 4)
      height = RTPHeader.bigEndian16(payload, count &- 2)
    }
    guard octet & 0x08 != 0 else { return }
    guard count < payload.count else { throw .truncated }
    let pictures = Int(payload[count])
    count &+= 1
    for _ in 0..<pictures {
      guard count < payload.count else { throw .truncated }
      let references = Int(payload[count] >> 2 & 3)
      count &+= 1 &+ references
    }
    guard count <= payload.count else { throw .truncated }
  }

  var mark: FrameMark {
    // A key picture begins with its base layer; the layers above it are predicted from that one.
    FrameMark(
      startsFrame: startsFrame, startsKeyFrame: startsFrame && !isInterPicture && spatialLayer == 0,
      temporalLayer: temporalLayer, spatialLayer: spatialLayer,
      temporalSwitch: isSwitchingUpPoint ? .toHigherLayers : .none, width: width, height: height)
  }
}

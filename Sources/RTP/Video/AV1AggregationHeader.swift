/// The first octet of a packet of AV1 and the header of its first OBU; RTP Payload Format for AV1, section 4.4.
///
/// ```
///   0 1 2 3 4 5 6 7      0 1 2 3 4 5 6 7   0 1 2 3 4 5 6 7
///  +-+-+-+-+-+-+-+-+    +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+
///  |Z|Y| W |N|-|-|-|    |0| type  |X|S|-| | TID |SID|  -  | with X
///  +-+-+-+-+-+-+-+-+    +-+-+-+-+-+-+-+-+ +-+-+-+-+-+-+-+-+
/// ```
/// Z: the first element continues one of the packet before; Y: the last one goes on in the next; W: elements, 0 for
/// "each has a length"; N: the first packet of a coded video sequence, so of a key frame.
package struct AV1AggregationHeader: Hashable, Sendable {
  package var continues: Bool
  package var goesOn: Bool
  /// W, 0 to 3.
  package var elements: UInt8
  package var startsSequence: Bool
  /// Of the first OBU, if it begins here and says so; else 0.
  package var temporalLayer: UInt8 = 0
  package var spatialLayer: UInt8 = 0
  /// `obu_type` of the first OBU if it begins here.
  package var firstType: UInt8?

  package static func parse(_ payload: Span<UInt8>) throws(VideoPayloadError) -> AV1AggregationHeader {
    guard payload.count >= 1 else { throw .truncated }
    let first = payload[0]
    var header = AV1AggregationHeader(
      continues: first & 0x80 != 0, goesOn: first & 0x40 != 0, elements: first >> 4 & 3,
      startsSequence: first & 0x08 != 0)
    guard !header.continues else {
      // A new sequence cannot begin in the middle of an OBU.
      guard !header.startsSequence else { throw .malformed }
      return header
    }
    var offset = 1
    if header.elements != 1 {
      // Length of the first element, LEB128: at most 8 octets.
      var octet: UInt8 = 0x80
      var octets = 0
      while octet & 0x80 != 0 {
        guard octets < 8 else { throw .malformed }
        guard offset < payload.count else { throw .truncated }
        octet = payload[offset]
        offset &+= 1
        octets &+= 1
      }
    }
    guard offset < payload.count else { throw .truncated }
    let unit = payload[offset]
    header.firstType = unit >> 3 & 15
    if unit & 0x04 != 0 {
      guard offset &+ 1 < payload.count else { throw .truncated }
      header.temporalLayer = payload[offset &+ 1] >> 5
      header.spatialLayer = payload[offset &+ 1] >> 3 & 3
    }
    return header
  }

  var mark: FrameMark {
    FrameMark(
      startsFrame: !continues, startsKeyFrame: startsSequence, temporalLayer: temporalLayer, spatialLayer: spatialLayer)
  }
}

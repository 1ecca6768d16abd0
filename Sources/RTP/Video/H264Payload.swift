/// What a packet of H.264 begins: NAL units alone, aggregated (STAP-A) or in fragments (FU-A); RFC 6184, section 5.
///
/// ```
///  +---------------+   +---------------+---------------+
///  |0|1|2|3|4|5|6|7|   |0|1|2|3|4|5|6|7|0|1|2|3|4|5|6|7|
///  +-+-+-+-+-+-+-+-+   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
///  |F|NRI|  Type   |   |F|NRI|   28    |S|E|R|  Type   | a fragment: S and E mark the first and the last
///  +---------------+   +---------------+---------------+
/// ```
package struct H264Payload: Hashable, Sendable {
  /// More NAL units in one packet than this is an attack, not a picture.
  static let maximumUnits = 64

  /// A slice whose first macroblock is the picture's first, or a parameter set in front of one.
  package var startsFrame = false
  /// The beginning of an IDR picture, or its sequence parameter set.
  package var startsKeyFrame = false
  /// The temporal layers of RFC 6190's prefix units are not read; NRI 0 says that nothing is predicted from this one.
  package var isDisposable = true

  package static func parse(_ payload: Span<UInt8>) throws(VideoPayloadError) -> H264Payload {
    guard payload.count >= 1 else { throw .truncated }
    var result = H264Payload()
    switch payload[0] & 0x1F {
    case 1...23: result.count(payload)
    case 24:
      var offset = 1
      var units = 0
      while offset < payload.count {
        guard units < maximumUnits else { throw .tooMany }
        guard offset &+ 2 <= payload.count else { throw .truncated }
        let size = Int(RTPHeader.bigEndian16(payload, offset))
        offset &+= 2
        guard size > 0, offset &+ size <= payload.count else { throw .truncated }
        result.count(payload.extracting(offset..<offset &+ size))
        offset &+= size
        units &+= 1
      }
    case 28:
      guard payload.count >= 2 else { throw .truncated }
      if payload[0] & 0x60 != 0 { result.isDisposable = false }
      if payload[1] & 0x80 != 0 {
        let slice = payload.count > 2 ? payload[2] : 0
        result.count(type: payload[1] & 0x1F, slice: slice)
      }
    default: throw .malformed
    }
    return result
  }

  private mutating func count(_ unit: Span<UInt8>) {
    if unit[0] & 0x60 != 0 { isDisposable = false }
    count(type: unit[0] & 0x1F, slice: unit.count > 1 ? unit[1] : 0)
  }

  /// - Parameter slice: the first octet behind the header; `first_mb_in_slice` is 0 exactly if its first bit is set.
  private mutating func count(type: UInt8, slice: UInt8) {
    switch type {
    case 1, 2:
      if slice & 0x80 != 0 { startsFrame = true }
    case 5:
      if slice & 0x80 != 0 {
        startsFrame = true
        startsKeyFrame = true
      }
    case 7:
      startsFrame = true
      startsKeyFrame = true
    default: break
    }
  }

  var mark: FrameMark { FrameMark(startsFrame: startsFrame, startsKeyFrame: startsKeyFrame) }
}

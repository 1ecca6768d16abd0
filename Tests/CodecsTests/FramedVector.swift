import TestSupport

/// A vector of RTP payloads of one frame each: a length in two octets, most significant first, then the payload; length 0 where
/// nothing was sent.
enum FramedVector {
  static func payloads(_ path: String) throws -> [[UInt8]] {
    let octets = try Vectors.bytes(path)
    var result: [[UInt8]] = []
    var place = 0
    while place + 2 <= octets.count {
      let end = place + 2 + Int(octets[place]) << 8 + Int(octets[place + 1])
      guard end <= octets.count else { break }
      result.append(Array(octets[place + 2..<end]))
      place = end
    }
    return result
  }

  /// One Bool a frame: whether it arrived.
  static func arrivals(_ path: String) throws -> [Bool] {
    try Vectors.text(path).utf8.compactMap { $0 == UInt8(ascii: "1") ? true : $0 == UInt8(ascii: "0") ? false : nil }
  }
}

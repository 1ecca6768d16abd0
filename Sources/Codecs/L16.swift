/// Linear PCM, 16 bits, most significant octet first, channels interleaved (RFC 3551, section 4.5.11).
///
/// ```
///  0                   1
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// |  high octet   |   low octet   |  one sample of one channel
/// +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
/// ```
package enum L16 {
  /// Writes mono samples, each `channels` times; returns octets. Samples that do not fit are left out.
  package static func encode(_ samples: Span<Int16>, channels: Int, into payload: inout MutableSpan<UInt8>) -> Int {
    let channels = max(channels, 1)
    let count = min(samples.count, payload.count / (2 * channels))
    var place = 0
    for index in 0..<count {
      let bits = UInt16(bitPattern: samples[index])
      for _ in 0..<channels {
        payload[place] = UInt8(truncatingIfNeeded: bits &>> 8)
        payload[place &+ 1] = UInt8(truncatingIfNeeded: bits)
        place = place &+ 2
      }
    }
    return place
  }

  /// Reads whole sample frames, mixed down to mono by their mean; returns samples. An odd octet at the end is left out.
  package static func decode(_ payload: Span<UInt8>, channels: Int, into samples: inout MutableSpan<Int16>) -> Int {
    let channels = max(channels, 1)
    let count = min(samples.count, payload.count / (2 * channels))
    if channels == 1 {
      for index in 0..<count { samples[index] = sample(payload, index &* 2) }
      return count
    }
    var place = 0
    for index in 0..<count {
      var sum = 0
      for _ in 0..<channels {
        sum = sum &+ Int(sample(payload, place))
        place = place &+ 2
      }
      samples[index] = Int16(truncatingIfNeeded: sum / channels)
    }
    return count
  }

  @inline(__always)
  private static func sample(_ payload: Span<UInt8>, _ place: Int) -> Int16 {
    Int16(bitPattern: UInt16(payload[place]) &<< 8 | UInt16(payload[place &+ 1]))
  }
}

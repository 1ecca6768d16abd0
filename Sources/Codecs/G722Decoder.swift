/// The receiving side of G.722 at 64 kbit/s (ITU-T G.722; RFC 3551, section 4.5.2). A value: a copy is a fork.
///
/// ```
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |IH |    IL     |   2 bits of the upper band (4 to 8 kHz), 6 bits of the lower: two samples
/// +-+-+-+-+-+-+-+-+
/// ```
package struct G722Decoder: Sendable {
  private var low = G722Band(scale: 32)
  private var high = G722Band(scale: 8)
  /// The last 22 sums and differences of the bands.
  private var past = InlineArray<22, Int16>(repeating: 0)

  package init() {}

  /// Decodes octets to two samples each at 16 kHz; returns samples. Octets whose samples do not fit are left out.
  package mutating func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    let pairs = min(payload.count, samples.count / 2)
    var sums = G722Filter.Window(repeating: 0)
    var differences = G722Filter.Window(repeating: 0)
    var done = 0
    while done < pairs {
      let count = min(pairs &- done, G722Filter.room)
      for index in 0..<G722Filter.memory {
        sums[index] = past[2 &* index]
        differences[index] = past[2 &* index &+ 1]
      }
      for pair in 0..<count {
        let code = Int32(payload[done &+ pair])
        let lower = low.decodeLow(code & 0x3F)
        let upper = high.decodeHigh(code &>> 6)
        sums[pair &+ G722Filter.memory] = Int16(truncatingIfNeeded: lower &+ upper)
        differences[pair &+ G722Filter.memory] = Int16(truncatingIfNeeded: lower &- upper)
      }
      for pair in 0..<count {
        let (first, second) = G722Filter.join(sums.span, differences.span, at: pair)
        samples[2 &* (done &+ pair)] = first
        samples[2 &* (done &+ pair) &+ 1] = second
      }
      for index in 0..<G722Filter.memory {
        past[2 &* index] = sums[count &+ index]
        past[2 &* index &+ 1] = differences[count &+ index]
      }
      done = done &+ count
    }
    return 2 &* pairs
  }
}

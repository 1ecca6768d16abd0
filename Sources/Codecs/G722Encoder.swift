/// The sending side of G.722 at 64 kbit/s (ITU-T G.722; RFC 3551, section 4.5.2). A value: a copy is a fork.
package struct G722Encoder: Sendable {
  private var low = G722Band(scale: 32)
  private var high = G722Band(scale: 8)
  /// The last 22 samples.
  private var past = InlineArray<22, Int16>(repeating: 0)

  package init() {}

  /// Codes pairs of samples at 16 kHz, one octet each; returns octets. An odd sample at the end is left out.
  package mutating func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let pairs = min(samples.count / 2, payload.count)
    var window = InlineArray<344, Int16>(repeating: 0)
    var done = 0
    while done < pairs {
      let count = min(pairs &- done, 160)
      for index in 0..<22 { window[index] = past[index] }
      for index in 0..<2 &* count { window[index &+ 22] = samples[2 &* done &+ index] }
      for pair in 0..<count {
        let (lower, upper) = G722Filter.split(window.span, at: 2 &* pair)
        let lowCode = low.encodeLow(lower)
        let highCode = high.encodeHigh(upper)
        payload[done &+ pair] = UInt8(truncatingIfNeeded: highCode &<< 6 | lowCode)
      }
      for index in 0..<22 { past[index] = window[2 &* count &+ index] }
      done = done &+ count
    }
    return pairs
  }
}

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
    var even = G722Filter.Window(repeating: 0)
    var odd = G722Filter.Window(repeating: 0)
    var lowers = G722Filter.Window(repeating: 0)
    var uppers = G722Filter.Window(repeating: 0)
    var done = 0
    while done < pairs {
      let count = min(pairs &- done, G722Filter.room)
      for index in 0..<G722Filter.memory {
        even[index] = past[2 &* index]
        odd[index] = past[2 &* index &+ 1]
      }
      for pair in 0..<count {
        even[pair &+ G722Filter.memory] = samples[2 &* (done &+ pair)]
        odd[pair &+ G722Filter.memory] = samples[2 &* (done &+ pair) &+ 1]
      }
      for pair in 0..<count {
        let (lower, upper) = G722Filter.split(even.span, odd.span, at: pair)
        lowers[pair] = Int16(truncatingIfNeeded: lower)
        uppers[pair] = Int16(truncatingIfNeeded: upper)
      }
      for pair in 0..<count {
        let lowCode = low.encodeLow(Int32(lowers[pair]))
        let highCode = high.encodeHigh(Int32(uppers[pair]))
        payload[done &+ pair] = UInt8(truncatingIfNeeded: highCode &<< 6 | lowCode)
      }
      for index in 0..<G722Filter.memory {
        past[2 &* index] = even[count &+ index]
        past[2 &* index &+ 1] = odd[count &+ index]
      }
      done = done &+ count
    }
    return pairs
  }
}

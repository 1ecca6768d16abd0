/// The sending side of G.726 (ITU-T G.726; RFC 3551, section 4.5.4). A value: a copy is a fork.
package struct G726Encoder: Sendable {
  private let bitRate: G726BitRate
  private let packing: G726Packing
  private var channel = G726Channel()

  package init(bitRate: G726BitRate, packing: G726Packing) {
    self.bitRate = bitRate
    self.packing = packing
  }

  /// Codes samples at 8 kHz; returns octets. Samples at the end that fill no octets are left out (see `samplesPerGroup`),
  /// as are those whose octets do not fit.
  package mutating func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let tables = G726Tables.of(bitRate)
    let (entries, levels) = (tables.entries.span, tables.levels.span)
    let (bits, leak) = (bitRate.bitsPerSample, bitRate.leak)
    let octets = bitRate.octets(samples: min(samples.count, bitRate.samples(octets: payload.count)))
    var channel = channel
    var done = 0
    while done < octets {
      let (first, room) = (done &* 8 / bits, min(octets &- done, bits))
      var word: UInt64 = 0
      for index in 0..<room &* 8 / bits {
        let forecast = channel.forecast
        let code = G726Channel.quantise(
          Self.uniform(samples[first &+ index]), forecast, bits: bits, levels: levels)
        _ = channel.adapt(
          to: entries[code], sign: 0 &- Int32(truncatingIfNeeded: code &>> (bits &- 1)), forecast, leak: leak)
        word |= UInt64(truncatingIfNeeded: code) &<< packing.shift(index, bits: bits, octets: room)
      }
      for index in 0..<room {
        payload[done &+ index] = UInt8(truncatingIfNeeded: word &>> packing.shift(index, bits: 8, octets: room))
      }
      done = done &+ room
    }
    self.channel = channel
    return octets
  }

  /// The 14-bit uniform code that the recommendation starts from (SL), rounded. What G.711 can say keeps its exact value.
  @inline(__always)
  private static func uniform(_ sample: Int16) -> Int32 { min((Int32(sample) &+ 2) &>> 2, 8_191) }
}

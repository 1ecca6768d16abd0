/// The receiving side of G.726 (ITU-T G.726; RFC 3551, section 4.5.4). A value: a copy is a fork.
package struct G726Decoder: Sendable {
  let bitRate: G726BitRate
  private let packing: G726Packing
  private var channel = G726Channel()

  package init(bitRate: G726BitRate, packing: G726Packing) {
    self.bitRate = bitRate
    self.packing = packing
  }

  /// Decodes to samples at 8 kHz; returns samples. Bits at the end that are no code word are left out, as are code words
  /// whose samples do not fit.
  package mutating func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    decode(payload, G726Tables.of(bitRate), into: &samples) { _, signal, _ in Int16(clamping: signal &<< 2) }
  }

  /// - Parameter output: what a code word, its reconstructed signal (14 bits, may overshoot to 16) and its forecast give.
  @inline(__always)
  mutating func decode<Output>(
    _ payload: Span<UInt8>, _ tables: G726Tables, into outputs: inout MutableSpan<Output>,
    _ output: (_ code: Int, _ signal: Int32, _ forecast: G726Channel.Forecast) -> Output
  ) -> Int {
    let entries = tables.entries.span
    let (bits, leak) = (bitRate.bitsPerSample, bitRate.leak)
    let count = min(bitRate.samples(octets: payload.count), outputs.count)
    var channel = channel
    var done = 0
    while done < count {
      let first = done &* bits / 8
      let room = min(payload.count &- first, bits)
      var word: UInt64 = 0
      for index in 0..<room {
        word |= UInt64(payload[first &+ index]) &<< packing.shift(index, bits: 8, octets: room)
      }
      let run = min(count &- done, 8)
      for index in 0..<run {
        let shift = packing.shift(index, bits: bits, octets: room)
        let code = Int(truncatingIfNeeded: word &>> shift) & (1 &<< bits &- 1)
        let forecast = channel.forecast
        let signal = channel.adapt(
          to: entries[code], sign: 0 &- Int32(truncatingIfNeeded: code &>> (bits &- 1)), forecast, leak: leak)
        outputs[done &+ index] = output(code, signal, forecast)
      }
      done = done &+ run
    }
    self.channel = channel
    return count
  }
}

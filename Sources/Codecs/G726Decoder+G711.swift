/// Decoding to G.711, with the synchronous coding adjustment: an encoder of the same rate makes the same code words of the
/// octets again, however often the call is recoded (ITU-T G.726, section 4.2.8: COMPRESS, EXPAND, SYNC).
extension G726Decoder {
  package enum Law: Hashable, Sendable, CaseIterable {
    case ulaw
    case alaw
  }

  /// Decodes to G.711 octets; returns their number. What is left out is the same as for linear samples.
  package mutating func decode(_ payload: Span<UInt8>, law: Law, into octets: inout MutableSpan<UInt8>) -> Int {
    let tables = G726Tables.of(bitRate)
    let bits = bitRate.bitsPerSample
    return decode(payload, tables, into: &octets) { code, signal, forecast in
      let octet = law.compress(signal)
      let again = G726Channel.quantise(law.expand(octet), forecast, bits: bits, levels: tables.levels.span)
      // With the sign's bit turned, code words rise with the value.
      let turn = 1 &<< (bits &- 1)
      return again == code ? octet : law.neighbour(of: octet, by: again ^ turn > code ^ turn ? -1 : 1)
    }
  }
}

extension G726Decoder.Law {
  /// COMPRESS: the octet of a signal of 16 bits, whose unit is that of 14 bits.
  fileprivate func compress(_ signal: Int32) -> UInt8 {
    // 15 bits, so that of the lowest signal is 0.
    let magnitude = abs(signal) & 32_767
    switch self {
    // Here the decision values of mu-law are symmetric about zero.
    case .ulaw: return G711.ulaw(Int16(clamping: magnitude << 2)) & (signal < 0 ? 0x7F : 0xFF)
    case .alaw: return G711.alaw(Int16(clamping: signal < 0 ? -max(magnitude, 1) << 2 : magnitude << 2))
    }
  }

  /// EXPAND: 14 bits.
  fileprivate func expand(_ octet: UInt8) -> Int32 {
    switch self {
    case .ulaw: Int32(G711.linear(ulaw: octet)) >> 2
    case .alaw: Int32(G711.linear(alaw: octet)) >> 2
    }
  }

  /// The octet of the next value, above (1) or below (-1); the outermost values keep theirs.
  fileprivate func neighbour(of octet: UInt8, by step: Int) -> UInt8 {
    let isPositive = octet & 0x80 != 0
    switch self {
    case .ulaw:
      // Both signs have a zero.
      let magnitude = Int(~octet & 0x7F)
      let place = min(max((isPositive ? magnitude : -magnitude) + step, -127), 127)
      return ~UInt8(truncatingIfNeeded: place > 0 || (place == 0 && isPositive) ? place : 0x80 | -place)
    case .alaw:
      let magnitude = Int((octet ^ 0x55) & 0x7F)
      let place = min(max((isPositive ? magnitude : ~magnitude) + step, -128), 127)
      return UInt8(truncatingIfNeeded: place >= 0 ? 0x80 | place : ~place) ^ 0x55
    }
  }
}

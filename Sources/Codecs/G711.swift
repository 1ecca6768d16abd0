/// PCMU and PCMA, ITU-T G.711 (RFC 3551, section 4.5.14): one octet a sample, 8,000 samples a second.
///
/// ```
///  0 1 2 3 4 5 6 7
/// +-+-+-+-+-+-+-+-+
/// |S| seg |  step |   mu-law: all bits inverted; A-law: every second bit inverted (exclusive or 0x55)
/// +-+-+-+-+-+-+-+-+
/// ```
package enum G711 {
  /// Octets for digital silence.
  package static let ulawSilence: UInt8 = 0xFF
  package static let alawSilence: UInt8 = 0xD5

  /// Codes as many samples as both spans hold; returns their number.
  package static func encodeULaw(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let codes = ulawCodes
    let table = codes.span
    let count = min(samples.count, payload.count)
    for index in 0..<count { payload[index] = table[Int(UInt16(bitPattern: samples[index]) &>> 2)] }
    return count
  }

  /// Codes as many samples as both spans hold; returns their number.
  package static func encodeALaw(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    let codes = alawCodes
    let table = codes.span
    let count = min(samples.count, payload.count)
    for index in 0..<count { payload[index] = table[Int(UInt16(bitPattern: samples[index]) &>> 4)] }
    return count
  }

  /// Decodes as many octets as both spans hold; returns their number.
  package static func decodeULaw(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    expand(payload, ulawValues, into: &samples)
  }

  /// Decodes as many octets as both spans hold; returns their number.
  package static func decodeALaw(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    expand(payload, alawValues, into: &samples)
  }

  @inline(__always)
  private static func expand(_ payload: Span<UInt8>, _ values: [Int16], into samples: inout MutableSpan<Int16>) -> Int {
    let table = values.span
    let count = min(samples.count, payload.count)
    for index in 0..<count { samples[index] = table[Int(payload[index])] }
    return count
  }

  /// By the 14 high bits of a sample.
  private static let ulawCodes: [UInt8] = (0..<16_384).map { ulaw(Int16(truncatingIfNeeded: $0 << 2)) }
  /// By the 12 high bits of a sample.
  private static let alawCodes: [UInt8] = (0..<4_096).map { alaw(Int16(truncatingIfNeeded: $0 << 4)) }
  private static let ulawValues: [Int16] = (0..<256).map { linear(ulaw: UInt8($0)) }
  private static let alawValues: [Int16] = (0..<256).map { linear(alaw: UInt8($0)) }

  /// The mu-law code of one sample.
  package static func ulaw(_ sample: Int16) -> UInt8 {
    // One's complement of negative values, 14 bits, as ITU-T G.191 has it: the decision values are symmetric about -1/2.
    let magnitude = min((sample < 0 ? Int(~sample) : Int(sample)) >> 2 + 33, 0x1FFF)
    let exponent = Int.bitWidth - 1 - magnitude.leadingZeroBitCount
    let segment = exponent - 5
    let step = (magnitude >> (segment + 1)) & 0x0F
    let code = UInt8(0xFF) ^ UInt8(truncatingIfNeeded: segment << 4 | step)
    return sample < 0 ? code & 0x7F : code
  }

  /// The A-law code of one sample.
  package static func alaw(_ sample: Int16) -> UInt8 {
    let magnitude = (sample < 0 ? Int(~sample) : Int(sample)) >> 4
    var code = magnitude
    if magnitude > 15 {
      let segment = Int.bitWidth - 1 - magnitude.leadingZeroBitCount - 3
      code = segment << 4 | (magnitude >> (segment - 1)) & 0x0F
    }
    return UInt8(truncatingIfNeeded: sample < 0 ? code : code | 0x80) ^ 0x55
  }

  /// The sample of one mu-law code.
  package static func linear(ulaw code: UInt8) -> Int16 {
    let bits = Int(~code)
    let magnitude = ((bits & 0x0F) << 3 + 0x84) << ((bits & 0x70) >> 4) - 0x84
    return Int16(truncatingIfNeeded: bits & 0x80 != 0 ? -magnitude : magnitude)
  }

  /// The sample of one A-law code.
  package static func linear(alaw code: UInt8) -> Int16 {
    let bits = Int(code ^ 0x55)
    let segment = (bits & 0x70) >> 4
    let step = (bits & 0x0F) << 4 + 8
    let magnitude = segment == 0 ? step : (step + 0x100) << (segment - 1)
    return Int16(truncatingIfNeeded: bits & 0x80 != 0 ? magnitude : -magnitude)
  }
}

/// What the header of a WAV or AU file says of its samples.
package struct StoredFormat: Sendable, Hashable {
  /// Channels that a file may have.
  static let channelRange = 1...64
  /// Hertz that a file may have.
  static let rateRange = 1_000...384_000

  package let coding: StoredCoding
  package let isBigEndian: Bool
  package let channels: Int
  /// Hertz.
  package let sampleRate: Int
  /// Octets that belong together: a sample of each channel, or what a codec packs into one.
  package let block: Int
  /// The file's own number for the coding, and its bits of a sample (0 if it does not say).
  package let tag: Int
  package let bits: Int

  /// Appends the samples of linear octets, interleaved as they are; a rest of less than a sample is left out.
  ///
  /// More than 16 bits are rounded, less are raised; a float beyond ±1 is limited, and one that is no number is silence.
  func append(_ octets: Span<UInt8>, to samples: inout [Int16]) {
    guard coding.isLinear, let size = coding.octets else { return }
    let start = samples.count
    let count = octets.count / size
    samples.append(contentsOf: repeatElement(0, count: count))
    var output = samples.mutableSpan
    switch (coding, isBigEndian) {
    case (.signed16, false):
      for index in 0..<count {
        let word = UInt16(octets[2 &* index]) | UInt16(octets[2 &* index &+ 1]) << 8
        output[start &+ index] = Int16(bitPattern: word)
      }
    case (.signed16, true):
      for index in 0..<count {
        let word = UInt16(octets[2 &* index]) << 8 | UInt16(octets[2 &* index &+ 1])
        output[start &+ index] = Int16(bitPattern: word)
      }
    case (.unsigned8, _):
      for index in 0..<count { output[start &+ index] = (Int16(octets[index]) &- 128) &* 256 }
    case (.signed8, _):
      for index in 0..<count { output[start &+ index] = Int16(Int8(bitPattern: octets[index])) &* 256 }
    case (.float32, _):
      for index in 0..<count {
        let bits = UInt32(truncatingIfNeeded: word(octets, 4 &* index, 4))
        output[start &+ index] = Self.sample(Double(Float(bitPattern: bits)))
      }
    case (.float64, _):
      for index in 0..<count { output[start &+ index] = Self.sample(Double(bitPattern: word(octets, 8 &* index, 8))) }
    default:
      for index in 0..<count {
        let word = UInt32(truncatingIfNeeded: word(octets, size &* index, size))
        let value = Int64(Int32(bitPattern: word << UInt32(32 - 8 * size)))
        output[start &+ index] = Int16(clamping: (value &+ 0x8000) >> 16)
      }
    }
  }

  private static func sample(_ value: Double) -> Int16 {
    guard value.isFinite else { return 0 }
    return Int16(min(max(value * 32_768, -32_768), 32_767).rounded())
  }

  private func word(_ octets: Span<UInt8>, _ place: Int, _ count: Int) -> UInt64 {
    var value: UInt64 = 0
    for index in 0..<count {
      let octet = UInt64(octets[place &+ index])
      value = isBigEndian ? value << 8 | octet : value | octet << UInt64(8 &* index)
    }
    return value
  }
}

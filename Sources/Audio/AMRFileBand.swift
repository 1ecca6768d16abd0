/// AMR or AMR-WB, as far as a file's framing knows them: RFC 4867, section 5.
package enum AMRFileBand: Sendable, Hashable, CaseIterable {
  case narrow
  case wide

  /// A frame for which there is no data: type 15, quality good.
  static let noData: UInt8 = 15 << 3 | 4

  /// Hertz.
  package var sampleRate: Int { self == .narrow ? 8_000 : 16_000 }

  /// Samples of each channel in a frame, always 20 ms.
  package var frameSamples: Int { sampleRate / 50 }

  /// The first octets of a file of one channel.
  var magic: [UInt8] { Array((self == .narrow ? "#!AMR\n" : "#!AMR-WB\n").utf8) }

  /// The first octets of a file of more channels, whose number follows in 32 bits.
  var magicOfMany: [UInt8] { Array((self == .narrow ? "#!AMR_MC1.0\n" : "#!AMR-WB_MC1.0\n").utf8) }

  /// The type of the frame that begins with this octet.
  static func frameType(_ header: UInt8) -> Int { Int(header >> 3 & 15) }

  /// Octets of a whole frame of a type, its header octet included; nil for the types that no file may have.
  package func frameCount(ofType type: Int) -> Int? {
    switch self {
    case .narrow:
      // 4.75 … 12.2 kbit/s, comfort noise: 3GPP TS 26.101, annex A.
      let octets = [12, 13, 15, 17, 19, 20, 26, 31, 5]
      if octets.indices.contains(type) { return octets[type] + 1 }
      return type == 15 ? 1 : nil
    case .wide:
      // 6.6 … 23.85 kbit/s, comfort noise: 3GPP TS 26.201, annex A; 14 is a frame that was lost.
      let octets = [17, 23, 32, 36, 40, 46, 50, 58, 60, 5]
      if octets.indices.contains(type) { return octets[type] + 1 }
      return type == 14 || type == 15 ? 1 : nil
    }
  }
}

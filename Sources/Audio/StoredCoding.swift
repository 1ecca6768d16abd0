/// How a WAV or AU file stores its samples.
package enum StoredCoding: Sendable, Hashable {
  case unsigned8, signed8, signed16, signed24, signed32, float32, float64
  /// G.711, an octet a sample.
  case ulaw, alaw
  /// Two GSM 06.10 frames in 65 octets, as WAV packs them.
  case gsm
  /// G.722 at 64 kbit/s.
  case g722
  /// G.726, bits of a code word; WAV packs them from the lowest bit, AU from the highest.
  case g726(bits: Int)

  /// Of the format chunk of a WAV, nil if not known. Linear samples of odd widths fill their octets from the top.
  init?(wave tag: Int, bits: Int) {
    switch (tag, bits) {
    case (1, 1...8): self = .unsigned8
    case (1, 9...16): self = .signed16
    case (1, 17...24): self = .signed24
    case (1, 25...32): self = .signed32
    case (3, 32): self = .float32
    case (3, 64): self = .float64
    case (6, 8): self = .alaw
    case (7, 8): self = .ulaw
    case (0x31, _): self = .gsm
    case (0x65, _), (0x28F, _): self = .g722
    case (0x45, 2...5), (0x64, 2...5): self = .g726(bits: bits)
    default: return nil
    }
  }

  /// Of the header of an AU file.
  init?(au encoding: Int) {
    switch encoding {
    case 1: self = .ulaw
    case 2: self = .signed8
    case 3: self = .signed16
    case 4: self = .signed24
    case 5: self = .signed32
    case 6: self = .float32
    case 7: self = .float64
    case 23: self = .g726(bits: 4)
    case 24: self = .g722
    case 25: self = .g726(bits: 3)
    case 26: self = .g726(bits: 5)
    case 27: self = .alaw
    default: return nil
    }
  }

  /// Octets of a sample where they are whole, else nil.
  var octets: Int? {
    switch self {
    case .unsigned8, .signed8, .ulaw, .alaw: 1
    case .signed16: 2
    case .signed24: 3
    case .signed32, .float32: 4
    case .float64: 8
    case .gsm, .g722, .g726: nil
    }
  }

  /// Samples that need no codec.
  package var isLinear: Bool {
    switch self {
    case .unsigned8, .signed8, .signed16, .signed24, .signed32, .float32, .float64: true
    case .ulaw, .alaw, .gsm, .g722, .g726: false
    }
  }
}

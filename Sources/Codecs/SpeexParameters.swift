/// The receiver's wishes for a Speex stream, RFC 5574, section 4.1.
package struct SpeexParameters: Hashable, Sendable, Codable {
  /// What `vbr` says of the encoder's bit rate.
  package enum BitRate: String, Hashable, Sendable, Codable {
    case constant = "off"
    case variable = "on"
    /// Constant, but less for what is no voice.
    case voiceActivity = "vad"
  }

  /// The most modes that are remembered: as many as there are.
  package static let maximumModes = 11
  /// `vbr`
  package var bitRate = BitRate.constant
  /// `cng`: the receiver fills pauses with noise, so that nothing need be sent in them.
  package var comfortNoise = false
  /// `mode`, the best liked first; empty if not said.
  package var modes: [Int] = []
  /// Whether `mode` says `any`, as it does when it is left out.
  package var takesAnyMode = true

  package init() {}

  /// The quality, 0 to 10 as libspeex counts, of the first mode that is one at this rate; 8 if none is said. (RFC 5574 has
  /// narrowband like mode 3 best then, but take any: 8 kbit/s sound poor.)
  package func quality(sampleRate: Int) -> Int {
    guard sampleRate == 8_000 else { return modes.first { (0...10).contains($0) } ?? 8 }
    // Narrowband modes are the sub-modes of the bit stream, which are not in the order of their bit rates.
    switch modes.first(where: { (1...8).contains($0) }) ?? 5 {
    case 1: return 0
    case 8: return 1
    case 2: return 2
    case 3: return 4
    case 4: return 6
    case 5: return 8
    case 6: return 9
    default: return 10
    }
  }
}

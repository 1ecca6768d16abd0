import Codecs

extension CodecFormat {
  /// Packets of this format are just what a receiver of the other one asked for.
  func relays(to other: CodecFormat) -> Bool {
    guard codec == other.codec, sampleRate == other.sampleRate, clockRate == other.clockRate, channels == other.channels
    else { return false }
    switch codec {
    case .pcmu, .pcma, .g722, .l16, .gsm, .g729: return true
    case .g726, .speex, .ilbc, .amr, .amrWB: return parameters == other.parameters
    case .opus:
      // Every decoder understands every packet; but who asks for less may have a narrow line.
      return other.opus.maxPlaybackRate >= 48_000 && other.opus.maxAverageBitRate == nil && !other.opus.constantBitRate
    }
  }

  /// A payload can be cut and joined wherever whole octets end, without a word to the decoder.
  var isDivisible: Bool {
    switch codec {
    case .pcmu, .pcma, .g722, .g726, .l16: true
    case .opus, .speex, .ilbc, .gsm, .amr, .amrWB, .g729: false
    }
  }
}

extension CodecName {
  /// Ticks of talk after which another encoder's packets may take over; nil for never.
  var relayPatience: Int? {
    switch self {
    case .pcmu, .pcma, .l16: Relay.patience
    case .opus, .speex, .ilbc, .gsm, .amr, .amrWB, .g729: Relay.longPatience
    // Every sample builds on those before: the decoder stumbles for some 50 ms (measured: up to 1.2 of PESQ).
    case .g722, .g726: nil
    }
  }
}

import Codecs

extension CodecFormat {
  /// The highest rate of a room that this format can make use of, in hertz.
  var usefulRate: Int {
    switch codec {
    case .pcmu, .pcma, .g722, .g726, .l16, .speex, .ilbc, .gsm, .amr, .amrWB, .g729: sampleRate
    case .opus: min(48_000, opus.maxPlaybackRate)
    }
  }
}

extension CodecName {
  /// A decoder of this codec remembers what came before: another encoder's packets are heard as a disturbance.
  var hasMemory: Bool {
    switch self {
    case .pcmu, .pcma, .l16: false
    case .g722, .g726, .opus, .speex, .ilbc, .gsm, .amr, .amrWB, .g729: true
    }
  }

  /// An encoder can make a packet that needs none before it.
  var standsAlone: Bool {
    switch self {
    case .pcmu, .pcma, .l16, .opus: true
    case .g722, .g726, .speex, .ilbc, .gsm, .amr, .amrWB, .g729: false
    }
  }
}

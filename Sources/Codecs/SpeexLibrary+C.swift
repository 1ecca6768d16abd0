import CSpeex

/// What is asked of libspeex before there is an encoder or a decoder.
enum SpeexLibrary {
  /// The number of the mode that works at this rate, in hertz.
  static func mode(_ sampleRate: Int) -> Int32? {
    switch sampleRate {
    case 8_000: SPEEX_MODEID_NB
    case 16_000: SPEEX_MODEID_WB
    case 32_000: SPEEX_MODEID_UWB
    default: nil
    }
  }
}

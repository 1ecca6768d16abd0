import Codecs

/// By how much what a decoder gives is late, where the file does not tell: what is cut off its start.
enum CodecDelay {
  /// Samples at the format's rate, of encoder and decoder together.
  static func samples(_ format: CodecFormat) -> Int {
    switch (format.codec, format.parameters) {
    // The filters that split the band and join it again.
    case (.g722, _): 22
    // The enhancer: RFC 3951, section 4.6.
    case (.ilbc, .ilbc(let frame)): frame == .twentyMilliseconds ? 40 : 80
    // The encoder looks 5 ms ahead: 3GPP TS 26.090 and 26.190, section 5; the wide band's filters to 12.8 kHz and back
    // take 0.94 ms.
    case (.amr, _): 40
    case (.amrWB, _): 95
    case (.g729, _): 40
    // Opus and Speex: their files tell.
    case (.pcmu, _), (.pcma, _), (.g726, _), (.l16, _), (.gsm, _), (.opus, _), (.speex, _), (.ilbc, _): 0
    }
  }

  /// Samples by which a Speex decoder is late itself, which its files leave out.
  static func speexDecoder(sampleRate: Int) -> Int { sampleRate / 200 }
}

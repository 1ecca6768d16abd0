/// The codecs that the server speaks. A new codec is one case here, one file beside this one and one row in `CodecTable`.
package enum CodecName: String, Hashable, Sendable, Codable, CaseIterable {
  case pcmu = "PCMU"
  case pcma = "PCMA"
  case g722 = "G722"
  case l16 = "L16"
  case opus = "opus"
}

/// One way to code audio on the wire: what an `a=rtpmap` and its `a=fmtp` say, understood.
package struct CodecFormat: Hashable, Sendable, Codable {
  package var codec: CodecName
  /// Samples a second and channel that the codec really codes, in hertz: 8,000 for PCMU, 16,000 for G.722, 48,000 for Opus.
  package var sampleRate: Int
  /// Ticks a second of the RTP timestamp. Differs from `sampleRate` for G.722 alone (8,000; RFC 3551, section 4.5.2).
  package var clockRate: Int
  package var channels: Int
  /// What the receiver of the stream asked of an Opus encoder (RFC 7587, section 6.1); the defaults for every other codec.
  package var opus: OpusParameters

  package init(
    codec: CodecName, sampleRate: Int, clockRate: Int, channels: Int = 1, opus: OpusParameters = OpusParameters()
  ) {
    self.codec = codec
    self.sampleRate = sampleRate
    self.clockRate = clockRate
    self.channels = channels
    self.opus = opus
  }

  package static let pcmu = CodecFormat(codec: .pcmu, sampleRate: 8_000, clockRate: 8_000)
  package static let pcma = CodecFormat(codec: .pcma, sampleRate: 8_000, clockRate: 8_000)
  package static let g722 = CodecFormat(codec: .g722, sampleRate: 16_000, clockRate: 8_000)
  package static let opus = CodecFormat(codec: .opus, sampleRate: 48_000, clockRate: 48_000)
  /// RFC 3551, section 4.5.11: network order, any rate; static payload type 11 is 44,100 Hz mono.
  package static func l16(_ sampleRate: Int, channels: Int = 1) -> CodecFormat {
    CodecFormat(codec: .l16, sampleRate: sampleRate, clockRate: sampleRate, channels: channels)
  }
}

/// The receiver's wishes for an Opus stream, RFC 7587, section 6.1.
package struct OpusParameters: Hashable, Sendable, Codable {
  /// `maxplaybackrate`, in hertz.
  package var maxPlaybackRate = 48_000
  /// `maxaveragebitrate`, in bit/s, or nil if not said.
  package var maxAverageBitRate: Int?
  /// `useinbandfec`
  package var useInbandFEC = false
  /// `usedtx`
  package var useDTX = false
  /// `cbr`
  package var constantBitRate = false
  /// `stereo`: the receiver prefers stereo.
  package var stereo = false
  package init() {}
}

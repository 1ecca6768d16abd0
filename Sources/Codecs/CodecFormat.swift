/// The codecs that the server speaks. A new codec is one case here, one file beside this one and one row in `CodecTable`.
package enum CodecName: String, Hashable, Sendable, Codable, CaseIterable {
  case pcmu = "PCMU"
  case pcma = "PCMA"
  case g722 = "G722"
  case g726 = "G726"
  case l16 = "L16"
  case opus = "opus"
  case speex = "speex"
  case ilbc = "iLBC"
  case gsm = "GSM"
  case amr = "AMR"
  case amrWB = "AMR-WB"
  case g729 = "G729"
}

/// One way to code audio on the wire: what an `a=rtpmap` and its `a=fmtp` say, understood.
package struct CodecFormat: Hashable, Sendable, Codable {
  package var codec: CodecName
  /// Samples a second and channel that the codec really codes, in hertz: 8,000 for PCMU, 16,000 for G.722, 48,000 for Opus.
  package var sampleRate: Int
  /// Ticks a second of the RTP timestamp. Differs from `sampleRate` for G.722 alone (8,000; RFC 3551, section 4.5.2).
  package var clockRate: Int
  package var channels: Int
  package var parameters: CodecParameters

  package init(
    codec: CodecName, sampleRate: Int, clockRate: Int, channels: Int = 1, parameters: CodecParameters = .none
  ) {
    self.codec = codec
    self.sampleRate = sampleRate
    self.clockRate = clockRate
    self.channels = channels
    self.parameters = parameters
  }

  /// What the receiver of the stream asked of an Opus encoder; the defaults for every other codec, which no setting changes.
  package var opus: OpusParameters {
    get {
      if case .opus(let parameters) = parameters { return parameters }
      return OpusParameters()
    }
    set { if case .opus = parameters { parameters = .opus(newValue) } }
  }

  /// The encoding name of `a=rtpmap`, which for G.726 has the bit rate in it.
  package var name: String { CodecTable.row(self)?.encodingName ?? codec.rawValue }

  /// Bit/s of the payload, at most; of Opus what browsers send when nobody says otherwise.
  package var bitRate: Int {
    switch (codec, parameters) {
    case (.pcmu, _), (.pcma, _), (.g722, _): 64_000
    case (.g726, .g726(let bitRate, _)): bitRate.rawValue
    case (.l16, _): sampleRate * channels * 16
    case (.opus, _): 32_000
    case (.speex, _): sampleRate == 8_000 ? 15_000 : 28_000
    case (.ilbc, _): frameTime == 30 ? 13_333 : 15_200
    case (.gsm, _): 13_200
    case (.amr, _): 12_800
    case (.amrWB, _): 24_400
    case (.g729, _): 8_000
    case (.g726, _): 32_000
    }
  }

  /// Milliseconds that the packets of the codec last at least, and always a multiple of.
  package var frameTime: Int {
    switch codec {
    case .pcmu, .pcma, .g722, .g726, .l16, .opus, .g729: 10
    case .speex, .gsm, .amr, .amrWB: 20
    case .ilbc: parameters == .ilbc(.thirtyMilliseconds) ? 30 : 20
    }
  }

  /// Whether a packet may last so many milliseconds: whole frames, of Opus a single one, which is never of 30 ms (RFC 6716, section
  /// 3.1).
  package func allows(packetTime: Int) -> Bool {
    packetTime > 0 && packetTime % frameTime == 0 && (codec != .opus || [10, 20, 40, 60].contains(packetTime))
  }

  /// Octets of a payload that is taken.
  package static let longestPayload = 1_920

  /// Milliseconds of the longest packet that can be taken.
  package var longestPacketTime: Int {
    guard codec == .l16 else { return 60 }
    let octets = sampleRate * channels * 2
    return [60, 40, 30, 20].first { octets * $0 / 1_000 <= CodecFormat.longestPayload } ?? 10
  }

  package static let pcmu = CodecFormat(codec: .pcmu, sampleRate: 8_000, clockRate: 8_000)
  package static let pcma = CodecFormat(codec: .pcma, sampleRate: 8_000, clockRate: 8_000)
  package static let g722 = CodecFormat(codec: .g722, sampleRate: 16_000, clockRate: 8_000)
  package static let gsm = CodecFormat(codec: .gsm, sampleRate: 8_000, clockRate: 8_000)
  package static let g729 = CodecFormat(codec: .g729, sampleRate: 8_000, clockRate: 8_000)
  package static let opus = CodecFormat(
    codec: .opus, sampleRate: 48_000, clockRate: 48_000, parameters: .opus(OpusParameters()))
  package static let amr = CodecFormat(
    codec: .amr, sampleRate: 8_000, clockRate: 8_000, parameters: .amr(AMRParameters()))
  package static let amrWB = CodecFormat(
    codec: .amrWB, sampleRate: 16_000, clockRate: 16_000, parameters: .amr(AMRParameters()))

  /// RFC 3551, section 4.5.11: network order, any rate; static payload type 11 is 44,100 Hz mono.
  package static func l16(_ sampleRate: Int, channels: Int = 1) -> CodecFormat {
    CodecFormat(codec: .l16, sampleRate: sampleRate, clockRate: sampleRate, channels: channels)
  }

  /// RFC 3551, section 4.5.4.
  package static func g726(_ bitRate: G726BitRate, _ packing: G726Packing = .rfc3551) -> CodecFormat {
    CodecFormat(codec: .g726, sampleRate: 8_000, clockRate: 8_000, parameters: .g726(bitRate, packing))
  }

  /// RFC 5574: 8,000, 16,000 or 32,000 Hz.
  package static func speex(_ sampleRate: Int) -> CodecFormat {
    CodecFormat(codec: .speex, sampleRate: sampleRate, clockRate: sampleRate, parameters: .speex(SpeexParameters()))
  }

  /// RFC 3952.
  package static func ilbc(_ frame: ILBCFrame) -> CodecFormat {
    CodecFormat(codec: .ilbc, sampleRate: 8_000, clockRate: 8_000, parameters: .ilbc(frame))
  }
}

/// One sender's encoder of any codec. A copy of a library's encoder shares its state: use `fork()` to get one that goes its own
/// way.
package enum AudioEncoder {
  case pcmu
  case pcma
  case g722(G722Encoder)
  case g726(G726Encoder)
  case ilbc(ILBCEncoder)
  case l16(sampleRate: Int, channels: Int)
  case opus(OpusEncoder)
  case speex(SpeexEncoder, SpeexParameters)
  case gsm(GSMEncoder)
  case amr(AMREncoder, AMRParameters)
  #if G729
    case g729(G729Encoder)
  #endif

  /// Of the best modes, which a receiver's `mode-set` or the operator may lower: 12.2 and 19.85 kbit/s.
  private static let amrBitRate = 24_000
  /// libspeex's own default is 2; 3 is what its authors advise.
  private static let speexComplexity = 3

  /// - Parameters:
  ///   - sampleRate: of the samples to come, in hertz: the codec's own, or for Opus any of 8,000, 12,000, 16,000, 24,000, 48,000.
  ///   - bitRate: bit/s, Opus only.
  ///   - complexity: 0 to 10, Opus only.
  package init(format: CodecFormat, sampleRate: Int, bitRate: Int, complexity: Int) throws(CodecError) {
    guard format.codec == .opus || sampleRate == format.sampleRate else { throw .unsupportedSampleRate(sampleRate) }
    guard (1...2).contains(format.channels) else { throw .unsupportedChannels(format.channels) }
    switch (format.codec, format.parameters) {
    case (.pcmu, _): self = .pcmu
    case (.pcma, _): self = .pcma
    case (.g722, _): self = .g722(G722Encoder())
    case (.g726, .g726(let bitRate, let packing)): self = .g726(G726Encoder(bitRate: bitRate, packing: packing))
    case (.ilbc, .ilbc(let frame)): self = .ilbc(ILBCEncoder(frame: frame))
    case (.l16, _): self = .l16(sampleRate: format.sampleRate, channels: format.channels)
    case (.opus, _):
      // What comes is mono, whatever the receiver can take (RFC 7587, section 6.1, `stereo`).
      self = .opus(
        try OpusEncoder(sampleRate: sampleRate, parameters: format.opus, bitRate: bitRate, complexity: complexity))
    case (.speex, .speex(let parameters)): self = try .speex(rate: sampleRate, parameters)
    case (.gsm, _): self = .gsm(GSMEncoder())
    case (.amr, .amr(let parameters)), (.amrWB, .amr(let parameters)): self = try .amr(rate: sampleRate, parameters)
    #if G729
      case (.g729, _): self = .g729(try G729Encoder())
    #endif
    case _: throw .unsupportedSampleRate(sampleRate)
    }
  }

  private static func speex(rate: Int, _ parameters: SpeexParameters) throws(CodecError) -> AudioEncoder {
    .speex(
      try SpeexEncoder(sampleRate: rate, parameters: parameters, complexity: AudioEncoder.speexComplexity), parameters)
  }

  private static func amr(rate: Int, _ parameters: AMRParameters) throws(CodecError) -> AudioEncoder {
    .amr(try AMREncoder(sampleRate: rate, parameters: parameters, bitRate: amrBitRate), parameters)
  }

  /// Hertz of the samples that `encode` wants.
  package var inputRate: Int {
    switch self {
    case .pcmu, .pcma, .g726, .ilbc, .gsm: 8_000
    case .g722: 16_000
    case .l16(let sampleRate, _): sampleRate
    case .opus(let encoder): encoder.sampleRate
    case .speex(let encoder, _): encoder.sampleRate
    case .amr(let encoder, _): encoder.band.sampleRate
    #if G729
      case .g729: 8_000
    #endif
    }
  }

  /// Codes the mono samples of one packet; returns octets, 0 if there is nothing to send (DTX) or the length is no frame.
  package mutating func encode(_ samples: Span<Int16>, into payload: inout MutableSpan<UInt8>) -> Int {
    switch self {
    case .pcmu: return G711.encodeULaw(samples, into: &payload)
    case .pcma: return G711.encodeALaw(samples, into: &payload)
    case .g722(var encoder):
      let count = encoder.encode(samples, into: &payload)
      self = .g722(encoder)
      return count
    case .g726(var encoder):
      let count = encoder.encode(samples, into: &payload)
      self = .g726(encoder)
      return count
    case .ilbc(var encoder):
      let count = encoder.encode(samples, into: &payload)
      self = .ilbc(encoder)
      return count
    case .l16(_, let channels): return L16.encode(samples, channels: channels, into: &payload)
    case .opus(let encoder): return encoder.encode(samples, into: &payload)
    case .speex(let encoder, _): return encoder.encode(samples, into: &payload)
    case .gsm(var encoder):
      let count = encoder.encode(samples, into: &payload)
      self = .gsm(encoder)
      return count
    case .amr(let encoder, _): return encoder.encode(samples, into: &payload)
    #if G729
      case .g729(let encoder): return encoder.encode(samples, into: &payload)
    #endif
    }
  }

  /// An encoder in the same state that goes its own way: a listener who changes over hears nothing of it. Of Speex, AMR and
  /// G.729, whose libraries offer no copy, a fresh one: its first packets are heard as a slight onset.
  package func fork() -> AudioEncoder {
    switch self {
    case .pcmu, .pcma, .g722, .g726, .ilbc, .gsm, .l16: return self
    case .opus(let encoder): return .opus(encoder.fork())
    case .speex(let encoder, let parameters):
      return (try? .speex(rate: encoder.sampleRate, parameters)) ?? self
    case .amr(let encoder, let parameters): return (try? .amr(rate: encoder.band.sampleRate, parameters)) ?? self
    #if G729
      case .g729: return (try? G729Encoder()).map { .g729($0) } ?? self
    #endif
    }
  }

  /// Opus only: bit/s.
  package func set(bitRate: Int) {
    if case .opus(let encoder) = self { encoder.set(bitRate: bitRate) }
  }

  /// Opus only: hertz, twice the highest frequency of what comes.
  package func set(audibleRate: Int) {
    if case .opus(let encoder) = self { encoder.set(audibleRate: audibleRate) }
  }

  /// Opus only: 0 to 10.
  package func set(complexity: Int) {
    if case .opus(let encoder) = self { encoder.set(complexity: complexity) }
  }

  /// Opus only: whether packets carry a copy of the one before, and for how many per cent of loss.
  package func set(inbandFEC: Bool, expectedLoss: Int) {
    if case .opus(let encoder) = self { encoder.set(inbandFEC: inbandFEC, expectedLoss: expectedLoss) }
  }

  /// Opus only: whether packets may lean on those before them.
  package func set(prediction: Bool) {
    if case .opus(let encoder) = self { encoder.set(prediction: prediction) }
  }

  /// AMR only: what the receiver asked for in the payloads that came from it. A fork has to be told again.
  package func set(modeRequest: AMRModeRequest) {
    if case .amr(let encoder, _) = self { encoder.receive(modeRequest) }
  }

  /// Opus only: whether nothing is sent in silence.
  package func set(dtx: Bool) {
    if case .opus(let encoder) = self { encoder.set(dtx: dtx) }
  }
}

/// One sender's encoder of any codec. A copy of Opus shares its state: use `fork()` to get an encoder that goes its own way.
package enum AudioEncoder {
  case pcmu
  case pcma
  case g722(G722Encoder)
  case l16(sampleRate: Int, channels: Int)
  case opus(OpusEncoder)

  /// - Parameters:
  ///   - sampleRate: of the samples to come, in hertz: the codec's own, or for Opus any of 8,000, 12,000, 16,000, 24,000, 48,000.
  ///   - bitRate: bit/s, Opus only.
  ///   - complexity: 0 to 10, Opus only.
  package init(format: CodecFormat, sampleRate: Int, bitRate: Int, complexity: Int) throws(CodecError) {
    guard format.codec == .opus || sampleRate == format.sampleRate else { throw .unsupportedSampleRate(sampleRate) }
    guard (1...2).contains(format.channels) else { throw .unsupportedChannels(format.channels) }
    switch format.codec {
    case .pcmu: self = .pcmu
    case .pcma: self = .pcma
    case .g722: self = .g722(G722Encoder())
    case .l16: self = .l16(sampleRate: format.sampleRate, channels: format.channels)
    case .opus:
      // What comes is mono, whatever the receiver can take (RFC 7587, section 6.1, `stereo`).
      self = .opus(
        try OpusEncoder(sampleRate: sampleRate, parameters: format.opus, bitRate: bitRate, complexity: complexity))
    }
  }

  /// Hertz of the samples that `encode` wants.
  package var inputRate: Int {
    switch self {
    case .pcmu, .pcma: 8_000
    case .g722: 16_000
    case .l16(let sampleRate, _): sampleRate
    case .opus(let encoder): encoder.sampleRate
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
    case .l16(_, let channels): return L16.encode(samples, channels: channels, into: &payload)
    case .opus(let encoder): return encoder.encode(samples, into: &payload)
    }
  }

  /// An encoder in the same state that goes its own way: a listener who changes over hears nothing of it.
  package func fork() -> AudioEncoder {
    switch self {
    case .pcmu, .pcma, .g722, .l16: self
    case .opus(let encoder): .opus(encoder.fork())
    }
  }

  /// Opus only: bit/s.
  package func set(bitRate: Int) {
    if case .opus(let encoder) = self { encoder.set(bitRate: bitRate) }
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

  /// Opus only: whether nothing is sent in silence.
  package func set(dtx: Bool) {
    if case .opus(let encoder) = self { encoder.set(dtx: dtx) }
  }
}

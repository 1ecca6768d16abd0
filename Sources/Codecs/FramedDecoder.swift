/// A decoder whose codec has frames of a fixed length and conceals whole lost ones itself.
final class FramedDecoder {
  private enum Kind {
    case speex(SpeexDecoder)
    case gsm(GSMDecoder)
    case ilbc(ILBCDecoder)
    case amr(AMRDecoder)
    #if G729
      case g729(G729Decoder)
    #endif
  }

  private var kind: Kind
  /// Samples.
  private let frame: Int

  /// Throws `unsupportedSampleRate` for a format of another kind.
  init(_ format: CodecFormat) throws(CodecError) {
    frame = format.sampleRate * format.frameTime / 1_000
    switch (format.codec, format.parameters) {
    case (.speex, _): kind = .speex(try SpeexDecoder(sampleRate: format.sampleRate))
    case (.gsm, _): kind = .gsm(GSMDecoder())
    case (.ilbc, .ilbc(let frame)): kind = .ilbc(ILBCDecoder(frame: frame))
    case (.amr, .amr(let parameters)), (.amrWB, .amr(let parameters)):
      kind = .amr(try AMRDecoder(sampleRate: format.sampleRate, octetAligned: parameters.octetAligned))
    #if G729
      case (.g729, _): kind = .g729(try G729Decoder())
    #endif
    case _: throw .unsupportedSampleRate(format.sampleRate)
    }
  }

  /// Decodes a packet; returns samples, 0 if the payload is broken.
  func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    switch kind {
    case .speex(let decoder): return decoder.decode(payload, into: &samples)
    case .amr(let decoder): return decoder.decode(payload, into: &samples)
    case .gsm(var decoder):
      let count = decoder.decode(payload, into: &samples)
      kind = .gsm(decoder)
      return count
    case .ilbc(var decoder):
      let count = decoder.decode(payload, into: &samples)
      kind = .ilbc(decoder)
      return count
    #if G729
      case .g729(let decoder): return decoder.decode(payload, into: &samples)
    #endif
    }
  }

  /// Whether the codec itself makes up for so many samples: iLBC for any number, the others for whole frames.
  func conceals(_ count: Int) -> Bool {
    if case .ilbc = kind { return count > 0 }
    return count > 0 && count % frame == 0
  }

  /// Makes up for whole lost frames; returns samples.
  func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    switch kind {
    case .speex(let decoder): return decoder.conceal(samples: count, into: &samples)
    case .amr(let decoder): return decoder.conceal(samples: count, into: &samples)
    case .gsm(var decoder):
      let made = decoder.conceal(samples: count, into: &samples)
      kind = .gsm(decoder)
      return made
    case .ilbc(var decoder):
      let made = decoder.conceal(samples: count, into: &samples)
      kind = .ilbc(decoder)
      return made
    #if G729
      case .g729(let decoder): return decoder.conceal(samples: count, into: &samples)
    #endif
    }
  }

  /// Ticks, which are samples; nil if the payload is badly framed.
  static func duration(_ format: CodecFormat, payload: Span<UInt8>) -> Int? {
    switch (format.codec, format.parameters) {
    case (.speex, _): SpeexPacket.duration(payload, sampleRate: format.sampleRate)
    case (.gsm, _): GSMPacket.duration(payload)
    case (.ilbc, .ilbc(let frame)): ILBCDecoder.duration(payloadOctets: payload.count, frame: frame)
    case (.amr, .amr(let parameters)):
      AMRPayload.duration(payload, band: .narrow, octetAligned: parameters.octetAligned)
    case (.amrWB, .amr(let parameters)):
      AMRPayload.duration(payload, band: .wide, octetAligned: parameters.octetAligned)
    #if G729
      case (.g729, _): G729Packet.duration(payload)
    #endif
    case _: nil
    }
  }
}

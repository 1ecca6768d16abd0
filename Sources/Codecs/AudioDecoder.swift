/// One source's decoder of any codec, with concealment of what is lost. Output is mono; no call allocates.
package struct AudioDecoder {
  private enum Kind {
    case pcmu
    case pcma
    case g722(G722Decoder)
    case g726(G726Decoder)
    case l16(channels: Int)
    case opus(OpusDecoder)
    case framed(FramedDecoder)
  }

  /// Hertz of the samples that come out.
  package let outputRate: Int
  private var kind: Kind
  /// Idle for Opus, which conceals any length itself.
  private var concealer: WaveformConcealer

  /// - Parameter outputRate: a wish, in hertz. Opus takes the next rate of its own that is no lower; the others keep theirs.
  package init(format: CodecFormat, outputRate wanted: Int) {
    (kind, outputRate) = Self.make(format, outputRate: wanted)
    concealer = WaveformConcealer(sampleRate: outputRate)
  }

  private static func make(_ format: CodecFormat, outputRate wanted: Int) -> (Kind, Int) {
    switch format.codec {
    case .pcmu: return (.pcmu, 8_000)
    case .pcma: return (.pcma, 8_000)
    case .g722: return (.g722(G722Decoder()), 16_000)
    case .l16: return (.l16(channels: format.channels), format.sampleRate)
    case .opus:
      let rate = [8_000, 12_000, 16_000, 24_000].first { $0 >= wanted } ?? 48_000
      guard let decoder = try? OpusDecoder(sampleRate: rate) else {
        preconditionFailure("libopus makes a mono decoder at each of its five rates.")
      }
      return (.opus(decoder), rate)
    case .g726:
      guard case .g726(let bitRate, let packing) = format.parameters else {
        preconditionFailure("A G.726 format says its bit rate.")
      }
      return (.g726(G726Decoder(bitRate: bitRate, packing: packing)), 8_000)
    case .speex, .ilbc, .gsm, .amr, .amrWB, .g729:
      guard let decoder = try? FramedDecoder(format) else {
        preconditionFailure("A library makes a decoder of every format of the table.")
      }
      return (.framed(decoder), format.sampleRate)
    }
  }

  /// Decodes a packet; returns samples, 0 if the payload is broken. What does not fit into the span is lost.
  package mutating func decode(_ payload: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    let count: Int
    switch kind {
    case .pcmu: count = G711.decodeULaw(payload, into: &samples)
    case .pcma: count = G711.decodeALaw(payload, into: &samples)
    case .g722(var decoder):
      count = decoder.decode(payload, into: &samples)
      kind = .g722(decoder)
    case .g726(var decoder):
      count = decoder.decode(payload, into: &samples)
      kind = .g726(decoder)
    case .l16(let channels): count = L16.decode(payload, channels: channels, into: &samples)
    case .opus(let decoder): return decoder.decode(payload, into: &samples)
    case .framed(let decoder): count = decoder.decode(payload, into: &samples)
    }
    var decoded = samples._mutatingExtracting(0..<count)
    concealer.receive(&decoded)
    return count
  }

  /// Makes up for `count` lost samples, at most what the span holds; returns samples.
  package mutating func conceal(samples count: Int, into samples: inout MutableSpan<Int16>) -> Int {
    switch kind {
    case .opus(let decoder): return decoder.conceal(samples: count, into: &samples)
    case .framed(let decoder) where decoder.conceals(count) && count <= samples.count:
      let made = decoder.conceal(samples: count, into: &samples)
      var concealed = samples._mutatingExtracting(0..<made)
      concealer.receive(&concealed)
      return made
    case .pcmu, .pcma, .g722, .g726, .l16, .framed: return concealer.conceal(count, into: &samples)
    }
  }

  /// Makes up for the lost audio before `next`, as much as the span holds: from the copy in `next` if the codec sends
  /// one (Opus in-band FEC), else by concealment. `next` itself is still to be decoded. Returns samples.
  package mutating func decodeLost(using next: Span<UInt8>, into samples: inout MutableSpan<Int16>) -> Int {
    if case .opus(let decoder) = kind, next.count > 0 { return decoder.decodeFEC(next, into: &samples) }
    return conceal(samples: samples.count, into: &samples)
  }

  /// How long a payload lasts in ticks of the format's RTP clock; nil if it is empty, too long or badly framed.
  package static func packetDuration(_ format: CodecFormat, payload: Span<UInt8>) -> Int? {
    let count = payload.count
    guard count > 0, count <= CodecFormat.longestPayload else { return nil }
    switch format.codec {
    // One octet is one tick; that holds for G.722 too, whose clock runs at half its rate.
    case .pcmu, .pcma, .g722: return count
    case .g726:
      guard case .g726(let bitRate, _) = format.parameters else { return nil }
      let samples = bitRate.samples(octets: count)
      return samples > 0 ? samples : nil
    case .l16:
      let frame = 2 * max(format.channels, 1)
      return count % frame == 0 ? count / frame : nil
    case .opus: return OpusPacket.duration(payload)
    case .speex, .ilbc, .gsm, .amr, .amrWB, .g729: return FramedDecoder.duration(format, payload: payload)
    }
  }
}

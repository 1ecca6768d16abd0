import Audio
import Codecs

/// Decodes the octets of a codec without packets, of G.711, G.722, G.726 or GSM, as they come.
struct OctetDecoder {
  private var decoder: PacketDecoder
  /// Octets that are decoded at a time: whole groups of samples.
  private let step: Int
  /// What has come and is not decoded, from `place` on.
  private var octets: [UInt8] = []
  private var place = 0
  /// Octets before `octets`.
  private var base = 0

  /// `channels` of G.711 take turns.
  init(_ format: CodecFormat, channels: Int = 1) {
    decoder = PacketDecoder(format, delay: CodecDelay.samples(format))
    step = OctetDecoder.step(format) * max(channels, 1)
  }

  private static func step(_ format: CodecFormat) -> Int {
    switch (format.codec, format.parameters) {
    case (.gsm, _): GSMPacket.frameOctets
    case (.g726, .g726(let bitRate, _)): bitRate.bitsPerSample * 512
    default: 4_096
    }
  }

  /// What was wrong, for people.
  var warnings: [String] {
    (decoder.damaged > 0 ? ["\(decoder.damaged) frames were damaged and are concealed"] : [])
      + (rest > 0 ? ["\(rest) octets at the end are no whole frame and are left out"] : [])
  }
  private var rest: Int { octets.count - place }

  mutating func append(_ more: [UInt8]) {
    base += place
    octets.removeFirst(place)
    octets += more
    place = 0
  }

  /// Appends the samples of what has come. A file of GSM must begin with a frame.
  mutating func decode(isLast: Bool, into samples: inout [Int16]) throws(AudioFileError) {
    if decoder.format.codec == .gsm, base == 0, place == 0, let first = octets.first, first &>> 4 != 0xD {
      throw AudioFileError(.notA("GSM 06.10"), at: 0)
    }
    while rest >= step { take(step, into: &samples) }
    guard isLast, rest > 0 else { return }
    if decoder.format.codec != .gsm { take(rest, into: &samples) }
  }

  private mutating func take(_ count: Int, into samples: inout [Int16]) {
    let octets = octets
    decoder.decode(
      octets.span.extracting(place..<place + count), samples: OctetDecoder.samples(decoder.format, octets: count),
      into: &samples)
    place += count
  }

  private static func samples(_ format: CodecFormat, octets: Int) -> Int {
    switch (format.codec, format.parameters) {
    case (.gsm, _): octets / GSMPacket.frameOctets * GSMPacket.frameSamples
    case (.g722, _): 2 * octets
    case (.g726, .g726(let bitRate, _)): bitRate.samples(octets: octets)
    default: octets
    }
  }
}

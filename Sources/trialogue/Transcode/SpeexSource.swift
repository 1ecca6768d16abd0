import Audio
import Codecs

/// A file of Speex in Ogg.
struct SpeexSource: SampleSource {
  /// Samples after which a call of `decode` ends.
  private static let enough = 8_192

  private(set) var form: FileForm?
  private(set) var sampleRate = 0
  let channels = 1
  private var reader = OggSpeexReader()
  private var decoder: PacketDecoder?
  private var played: Int64 = 0

  init() {}

  var warnings: [String] {
    let damaged = decoder?.damaged ?? 0
    return
      (reader.damage > 0
      ? ["\(reader.damage) octets are no sound pages of Ogg: what they held is missing"] : [])
      + (damaged > 0 ? ["\(damaged) packets were damaged and are concealed"] : [])
      + (form != nil && !reader.isEnded ? ["The end of the stream is missing"] : [])
  }

  mutating func append(_ octets: [UInt8], isLast: Bool) { reader.append(octets, isLast: isLast) }

  mutating func decode(into samples: inout [Int16]) throws(AudioFileError) -> Bool {
    let start = samples.count
    while samples.count - start < SpeexSource.enough {
      let packet = try reader.nextPacket()
      if form == nil, let header = reader.header, packet != nil || reader.isEnded { begin(header) }
      guard let packet else { return false }
      let before = samples.count
      decoder?.decode(packet.span, into: &samples)
      played += Int64(samples.count - before)
      guard reader.isEnded, let heard = reader.playedSamples else { continue }
      let surplus = Int(clamping: min(max(played - heard, 0), Int64(samples.count - before)))
      samples.removeLast(surplus)
      played -= Int64(surplus)
    }
    return true
  }

  private mutating func begin(_ header: OggSpeexHeader) {
    let rate = 8_000 << Int(header.mode.rawValue)
    decoder = PacketDecoder(
      .speex(rate), delay: reader.preSkip + CodecDelay.speexDecoder(sampleRate: rate))
    // The header may say that it is to be played at another rate.
    sampleRate = Resampler.isSupported(header.sampleRate) ? header.sampleRate : rate
    form = FileForm(container: .oggSpeex, format: .speex(rate))
  }
}

import Audio
import Codecs

/// An Ogg Opus file (RFC 7845). It is decoded at the rate that is wanted, or that of the original.
struct OpusSource: SampleSource {
  /// Samples after which a call of `decode` ends.
  private static let enough = 8_192
  /// Samples at 48 kHz beyond which no position is believed: half a year.
  private static let longest: Int64 = 1 << 40

  private(set) var form: FileForm?
  private(set) var sampleRate = 0
  /// libopus makes one channel of two where no more is wanted.
  private(set) var channels = 1
  private let wantedRate: Int?
  private let wantedChannels: Int
  private var feed = OggOpusFeed()
  private var decoder: PacketDecoder?
  /// Samples at 48 kHz of all packets so far.
  private var total: Int64 = 0
  /// The position before the first packet, of a piece cut out of a stream.
  private var origin: Int64?
  /// Samples of each channel that came out.
  private var played: Int64 = 0
  private var gain: Float?

  /// `wantedRate` in hertz; of two `channels` a file of one makes none.
  init(wantedRate: Int?, channels: Int = 1) {
    self.wantedRate = wantedRate
    wantedChannels = channels
  }

  var warnings: [String] {
    let damaged = decoder?.damaged ?? 0
    return
      (feed.damage > 0
      ? ["\(feed.damage) octets are no sound pages of Ogg: what they held is missing"] : [])
      + (damaged > 0 ? ["\(damaged) packets were damaged and are concealed"] : [])
      + (feed.isBegun && !feed.isEnded ? ["The end of the stream is missing"] : [])
  }

  mutating func append(_ octets: [UInt8], isLast: Bool) { feed.append(octets, isLast: isLast) }

  mutating func decode(into samples: inout [Int16]) throws(AudioFileError) -> Bool {
    let start = samples.count
    while samples.count - start < OpusSource.enough {
      let packet = feed.nextPacket()
      if let problem = feed.problem { throw problem }
      if feed.isBegun, form == nil { begin() }
      guard let packet else { return false }
      take(packet, into: &samples)
    }
    return true
  }

  private mutating func begin() {
    let original = Resampler.isSupported(feed.inputRate) ? feed.inputRate : 48_000
    let wanted = wantedRate ?? original
    var decoder = PacketDecoder(.opus, outputRate: wanted, delay: 0)
    decoder = PacketDecoder(
      .opus, outputRate: wanted, channels: min(feed.channels, wantedChannels),
      delay: feed.preSkip * decoder.sampleRate / 48_000)
    sampleRate = decoder.sampleRate
    channels = decoder.channels
    self.decoder = decoder
    if feed.outputGain != 0 { gain = Decibels.amplitude(Double(feed.outputGain) / 256) }
    var format = CodecFormat.opus
    format.channels = feed.channels
    form = FileForm(container: .oggOpus, format: format)
  }

  private mutating func take(_ packet: [UInt8], into samples: inout [Int16]) {
    let start = samples.count
    decoder?.decode(packet.span, into: &samples)
    total += Int64(OpusPacket.duration(packet.span) ?? 0)
    if let position = feed.position, origin == nil { origin = max(position - total, 0) }
    if let gain { OpusSource.amplify(&samples, from: start, by: gain) }
    played += Int64((samples.count - start) / channels)
    guard feed.isEnded else { return }
    // The last page says where the sound ends inside its last packet.
    let heard =
      min(max(feed.granule &- (origin ?? 0) &- Int64(feed.preSkip), 0), OpusSource.longest)
      * Int64(sampleRate) / 48_000
    let surplus = Int(clamping: min(max(played - heard, 0), Int64((samples.count - start) / channels)))
    samples.removeLast(surplus * channels)
    played -= Int64(surplus)
  }

  private static func amplify(_ samples: inout [Int16], from start: Int, by gain: Float) {
    var span = samples.mutableSpan
    for index in start..<span.count { span[index] = Int16(clamping: Int((Float(span[index]) * gain).rounded())) }
  }
}

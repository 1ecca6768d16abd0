import Codecs
import Primitives
import RTP

/// What one receiver hears of one RTP stream, laid out by timestamp as a perfect playout would: no jitter buffer, no
/// concealment; where nothing was sent there is silence.
struct HeardAudio {
  struct Packet: Hashable {
    var sequence: UInt16
    var timestamp: UInt32
    var payloadType: UInt8
    var marker: Bool
    var ssrc: UInt32
    var count: Int
    var at: Instant
  }

  private(set) var samples: [Int16] = []
  private(set) var packets: [Packet] = []
  private(set) var rate = 8_000
  private var format: CodecFormat
  private var decoder: AudioDecoder
  private var last: (timestamp: UInt32, end: UInt32)?

  init(format: CodecFormat) {
    self.format = format
    decoder = AudioDecoder(format: format, outputRate: 48_000)
    rate = decoder.outputRate
  }

  /// The peer agrees to another codec.
  mutating func use(_ format: CodecFormat) {
    self.format = format
    decoder = AudioDecoder(format: format, outputRate: 48_000)
    rate = decoder.outputRate
    samples = []
    last = nil
  }

  mutating func note(_ header: RTPHeader, count: Int, at now: Instant) {
    packets.append(
      Packet(
        sequence: header.sequence, timestamp: header.timestamp, payloadType: header.payloadType,
        marker: header.marker, ssrc: header.ssrc, count: count, at: now))
  }

  mutating func take(_ header: RTPHeader, payload: Span<UInt8>) {
    if let last {
      let gap = Int(Int32(bitPattern: header.timestamp &- last.end))
      if gap > 0, gap < format.clockRate * 60 {
        samples.append(contentsOf: repeatElement(0, count: gap * rate / format.clockRate))
      }
    }
    var buffer = [Int16](repeating: 0, count: rate * 120 / 1_000)
    var span = buffer.mutableSpan
    let count = decoder.decode(payload, into: &span)
    samples += buffer[..<count]
    let ticks = AudioDecoder.packetDuration(format, payload: payload) ?? 0
    last = (header.timestamp, header.timestamp &+ UInt32(ticks))
  }

  /// The last `seconds`, without the very last `before` ones.
  func last(_ seconds: Double, before: Double = 0) -> [Int16] {
    let end = max(samples.count - Int(before * Double(rate)), 0)
    return Array(samples[max(end - Int(seconds * Double(rate)), 0)..<end])
  }

  /// Steps of the sequence number that are not 1.
  var sequenceBreaks: Int {
    zip(packets, packets.dropFirst()).filter { $0.sequence &+ 1 != $1.sequence }.count
  }

  func level(of frequency: Double, last seconds: Double = 1, before: Double = 0) -> Double {
    Sound.level(of: frequency, in: last(seconds, before: before), rate: rate)
  }
}

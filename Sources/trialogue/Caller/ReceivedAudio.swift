import Audio
import Codecs

/// What a caller heard, decoded afterwards: packets in order, gaps concealed.
enum ReceivedAudio {
  /// At most so many lost packets are made up for at a place; longer gaps are cut short.
  static let longestGap: Int64 = 250

  static func decode(_ packets: [KeptPacket], format: CallerFormat) -> AudioClip {
    var decoder = AudioDecoder(format: format.codec, outputRate: format.sampleRate)
    let rate = decoder.outputRate
    let frame = rate / 50
    var samples: [Int16] = []
    var buffer = Array(repeating: Int16(0), count: rate * 120 / 1_000)
    var next: Int64?
    for packet in packets.sorted(by: { $0.sequence < $1.sequence }) {
      if let next, packet.sequence < next { continue }
      for _ in 0..<min(packet.sequence - (next ?? packet.sequence), longestGap) {
        var span = buffer.mutableSpan
        let count = decoder.conceal(samples: frame, into: &span)
        samples.append(contentsOf: buffer[..<count])
      }
      var span = buffer.mutableSpan
      let count = decoder.decode(packet.payload.span, into: &span)
      samples.append(contentsOf: buffer[..<count])
      next = packet.sequence + 1
    }
    return AudioClip(samples: samples, sampleRate: rate)
  }

  /// The clip's level as root mean square, in dBFS of a full-scale square wave.
  static func level(_ clip: AudioClip) -> Double {
    guard !clip.samples.isEmpty else { return Double(LevelMeter.silence) }
    var meter = LevelMeter()
    return Double(meter.measure(clip.samples.span))
  }
}

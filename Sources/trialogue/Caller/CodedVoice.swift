import Audio
import Codecs

/// A piece of audio, coded once as packets of 20 ms and shared by all callers who say it. A value on shared memory.
struct CodedVoice: Sendable {
  /// Bit/s of Opus voices: what a softphone sends.
  static let opusBitRate = 24_000
  static let opusComplexity = 5

  let octets: [UInt8]
  /// Where each packet starts; one more than there are packets.
  private let starts: [Int]

  /// Codes the clip; its last packet is filled up with silence. An empty clip gives one packet of silence.
  init(_ clip: AudioClip, format: CallerFormat) throws(CodecError) {
    var encoder = try AudioEncoder(
      format: format.codec, sampleRate: format.sampleRate, bitRate: CodedVoice.opusBitRate,
      complexity: CodedVoice.opusComplexity)
    var samples = clip.resampled(to: format.sampleRate).samples
    let frame = format.sampleRate / 50
    let missing = samples.isEmpty ? frame : (frame - samples.count % frame) % frame
    samples.append(contentsOf: repeatElement(0, count: missing))
    var octets: [UInt8] = []
    var starts = [0]
    var payload = Array(repeating: UInt8(0), count: 2_048)
    for place in stride(from: 0, to: samples.count, by: frame) {
      var span = payload.mutableSpan
      let count = encoder.encode(samples.span.extracting(place..<place + frame), into: &span)
      octets.append(contentsOf: payload[..<count])
      starts.append(octets.count)
    }
    self.octets = octets
    self.starts = starts
  }

  /// Packets of 20 ms.
  var count: Int { starts.count - 1 }

  /// The octets of a packet.
  func range(_ index: Int) -> Range<Int> { starts[index]..<starts[index + 1] }

  /// What a phone without silence suppression sends when nobody speaks: five seconds of noise near −76 dBFS.
  static func quiet(format: CallerFormat) throws(CodecError) -> CodedVoice {
    var noise = ComfortNoise(seed: 76)
    var samples = Array(repeating: Int16(0), count: format.sampleRate * 5)
    do {
      var span = samples.mutableSpan
      noise.generate(level: -76, into: &span)
    }
    return try CodedVoice(AudioClip(samples: samples, sampleRate: format.sampleRate), format: format)
  }
}

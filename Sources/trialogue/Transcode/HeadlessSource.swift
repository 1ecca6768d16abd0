import Audio
import Codecs

/// A file that is nothing but samples or a codec's octets: its name, or the command line, says what it holds.
struct HeadlessSource: SampleSource {
  let form: FileForm?
  let sampleRate: Int
  let channels = 1
  private enum Kind {
    case linear([UInt8])
    case coded(OctetDecoder)
  }

  private var kind: Kind
  private var isLast = false

  /// `sampleRate` in hertz counts for linear samples alone.
  init(_ codec: CodecChoice, sampleRate: Int) {
    let format = codec.format(sampleRate: sampleRate)
    form = FileForm(container: .headless, format: format)
    self.sampleRate = format.sampleRate
    kind = codec == .pcm ? .linear([]) : .coded(OctetDecoder(format))
  }

  var warnings: [String] {
    switch kind {
    case .linear(let rest): rest.isEmpty ? [] : ["The last octet is half a sample and is left out"]
    case .coded(let decoder): decoder.warnings
    }
  }

  mutating func append(_ octets: [UInt8], isLast: Bool) {
    self.isLast = isLast
    switch kind {
    case .linear(let rest): kind = .linear(rest.isEmpty ? octets : rest + octets)
    case .coded(var decoder):
      kind = .linear([])
      decoder.append(octets)
      kind = .coded(decoder)
    }
  }

  mutating func decode(into samples: inout [Int16]) throws(AudioFileError) -> Bool {
    switch kind {
    case .linear(let octets):
      HeadlessSource.append(octets.span, to: &samples)
      kind = .linear(octets.count % 2 == 0 ? [] : Array(octets.suffix(1)))
    case .coded(var decoder):
      kind = .linear([])
      defer { kind = .coded(decoder) }
      try decoder.decode(isLast: isLast, into: &samples)
    }
    return false
  }

  /// 16 bits, least significant octet first.
  private static func append(_ octets: Span<UInt8>, to samples: inout [Int16]) {
    let start = samples.count
    let count = octets.count / 2
    samples.append(contentsOf: repeatElement(0, count: count))
    var output = samples.mutableSpan
    for index in 0..<count {
      output[start &+ index] = Int16(
        bitPattern: UInt16(octets[2 &* index]) | UInt16(octets[2 &* index &+ 1]) &<< 8)
    }
  }
}

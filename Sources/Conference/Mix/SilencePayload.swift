import Codecs

/// What a listener gets while a room is digitally silent, without calling the encoder: a silent Opus packet that was made
/// once, or with DTX (RFC 7587, section 3.1.3) one packet in 400 ms. Other codecs always encode: that is cheap.
struct SilencePayload {
  enum Choice { case encode, payload, nothing }

  /// Packets of silence that still go through the encoder, so that what was said has died away in it.
  static let tail = 5

  /// Made when silence lasts for the first time.
  private var octets: [UInt8] = []
  private let format: CodecFormat
  private let packetTime: Int
  private let settings: EncoderSettings
  /// Packets of silence so far.
  private var run = 0

  init(format: CodecFormat, packetTime: Int, settings: EncoderSettings) {
    self.format = format
    self.packetTime = packetTime
    self.settings = settings
  }

  /// Looks at a packet's samples.
  mutating func next(_ samples: [Int16], from offset: Int, count: Int) -> Choice {
    if format.codec != .opus { return .encode }
    let samples = samples.span
    for index in offset..<offset + count where samples[index] != 0 {
      run = 0
      return .encode
    }
    run = run &+ 1
    if run <= Self.tail { return .encode }
    if octets.isEmpty { make() }
    if octets.isEmpty { return .encode }
    if !format.opus.useDTX { return .payload }
    return (run &- Self.tail) % max(400 / packetTime, 1) == 1 ? .payload : .nothing
  }

  func write(into target: inout MutableSpan<UInt8>) -> Int {
    let count = min(octets.count, target.count)
    for index in 0..<count { target[index] = octets[index] }
    return count
  }

  private mutating func make() {
    guard var encoder = try? settings.makeEncoder(format: format) else { return }
    let silence = [Int16](repeating: 0, count: encoder.inputRate * packetTime / 1_000)
    var buffer = [UInt8](repeating: 0, count: PayloadBoard.maximumPayload)
    var count = 0
    // The first packets of an encoder still carry its start.
    for _ in 0..<4 {
      var span = buffer.mutableSpan
      let made = encoder.encode(silence.span, into: &span)
      if made > 0 { count = made }
    }
    octets = Array(buffer[..<count])
    // The TOC alone says "no audio here" (RFC 6716, section 3.1).
    if format.opus.useDTX, count > 1 { octets = [buffer[0] & 0xFC] }
  }
}

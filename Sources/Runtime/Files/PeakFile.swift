import Audio
import Codecs

/// Draws the wave form of a finished mix: `peaks.json` beside it. Memory is bounded, however long the recording.
enum PeakFile {
  static let name = "peaks.json"
  /// Mixes that peaks can be drawn of.
  static let mixes = ["mix.wav", "mix.opus"]
  /// Octets that are read at a time.
  static let piece = 1 << 18
  /// Ogg Opus is decoded at this rate: enough for a picture, and the fastest.
  static let decodedRate = 8_000

  /// Makes the file in the recording's directory, if there is a mix and no peaks yet. Asks `isCancelled` now and then, and
  /// makes nothing if so. What is drawn of a sealed mix is sealed as well. Blocks.
  static func make(
    in directory: OpenDirectory, keys: ArchiveKeys = .none, isCancelled: () -> Bool
  ) throws(SystemError) {
    let files = try directory.list().files
    guard !files.contains(name), let mix = mixes.first(where: files.contains) else { return }
    let file = try directory.open(mix, keys: keys)
    let peaks = mix.hasSuffix(".wav") ? try wav(file, isCancelled) : try opus(file, isCancelled)
    guard let peaks else { return }
    try directory.replace(name, with: peaks.json(), keys: keys, isSealed: file.isSealed)
  }

  /// Our own form of WAV: samples from octet 80 to the end.
  private static func wav(_ file: ArchiveFile, _ isCancelled: () -> Bool) throws(SystemError) -> PeakBuilder? {
    let header = try file.read(WAVWriter.headerCount, at: 0)
    guard let known = WAVWriter.repair(fileSize: Int(file.size), header: header) else { return nil }
    // Offset 60: nSamplesPerSec of the fmt chunk, little-endian.
    let rate = (0..<4).reduce(0) { $0 | Int(header[60 + $1]) << (8 * $1) }
    var peaks = PeakBuilder(sampleRate: rate)
    var buffer = [UInt8](repeating: 0, count: piece)
    var samples = [Int16](repeating: 0, count: piece / 2)
    var offset = Int64(WAVWriter.headerCount)
    while offset < Int64(known.length) {
      if isCancelled() { return nil }
      let count = try file.read(into: &buffer, at: offset) / 2
      guard count > 0 else { break }
      for index in 0..<count {
        samples[index] = Int16(bitPattern: UInt16(buffer[2 * index]) | UInt16(buffer[2 * index + 1]) << 8)
      }
      peaks.append(samples.span.extracting(first: count))
      offset += Int64(2 * count)
    }
    return peaks
  }

  private static func opus(_ file: ArchiveFile, _ isCancelled: () -> Bool) throws(SystemError) -> PeakBuilder? {
    var feed = OggOpusFeed()
    var decoder: OpusDecoder?
    var peaks = PeakBuilder(sampleRate: decodedRate, samplesPerPixel: 64)
    var samples = [Int16](repeating: 0, count: 2 * decodedRate * OpusDecoder.maximumPacketTime / 1_000)
    var mono = [Int16](repeating: 0, count: samples.count)
    var offset: Int64 = 0
    var preSkip: Int?
    while true {
      if isCancelled() { return nil }
      let octets = try file.read(piece, at: offset)
      offset += Int64(octets.count)
      feed.append(octets, isLast: octets.count < piece)
      while let packet = feed.nextPacket() {
        if decoder == nil { decoder = try? OpusDecoder(sampleRate: decodedRate, channels: feed.channels) }
        guard let decoder else { return nil }
        let count = decode(packet, by: decoder, into: &samples)
        fold(samples, channels: feed.channels, count: count, into: &mono)
        // RFC 7845, section 4.2: the first samples, counted at 48 kHz, are none.
        let skipped = min(preSkip ?? feed.preSkip * decodedRate / 48_000, count)
        preSkip = (preSkip ?? feed.preSkip * decodedRate / 48_000) - skipped
        peaks.append(mono.span.extracting(skipped..<count))
      }
      if octets.count < piece { return peaks }
    }
  }

  private static func decode(_ packet: [UInt8], by decoder: OpusDecoder, into samples: inout [Int16]) -> Int {
    var target = samples.mutableSpan
    return decoder.decode(packet.span, into: &target)
  }

  private static func fold(_ samples: [Int16], channels: Int, count: Int, into mono: inout [Int16]) {
    for index in 0..<min(count, mono.count) {
      mono[index] =
        channels == 1 ? samples[index] : Int16((Int(samples[2 * index]) + Int(samples[2 * index + 1])) / 2)
    }
  }
}

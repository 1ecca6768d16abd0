import Primitives
import TestSupport
import Testing

@testable import Audio

/// Speex in Ogg: with broken checksums as they come, and sealed anew so that what is inside is looked at.
@Suite struct OggSpeexFuzzing {
  struct Content: Equatable {
    var packets: [[UInt8]] = []
    var header: OggSpeexHeader?
    var tags = 0
    var preSkip = 0
    var played: Int64?
    var error: AudioFileError?
  }

  static var own: [UInt8] {
    var writer = OggSpeexWriter(OggSpeexHeader(mode: .narrowband, framesPerPacket: 2), lookahead: 40, serial: 7)
    var file = writer.start(tags: [("TITLE", "x")])
    for index in 0..<90 { file += writer.append([UInt8](repeating: UInt8(index), count: index % 29).span) }
    return file + writer.finish()
  }
  static var seeds: [[UInt8]] {
    [own, Array(own.prefix(own.count - 40))] + Seeds.files("containers", suffix: ".spx", limit: 4_096)
  }

  @Test func filesAreReadOrRefused() {
    var fuzzer = Fuzzer("ogg-speex-reader", seeds: Self.seeds, tokens: OggFuzzing.tokens + ["Speex   "], limit: 6_144)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let bytes = random.once(in: 4) ? input : OggFuzzing.sealed(input)
      let whole = Self.read(bytes, pieces: bytes.count)
      try FuzzFailure.unless(whole == Self.read(bytes, pieces: 1 + random.below(900)), "pieces are the same file")
      let total = whole.packets.reduce(0) { $0 + $1.count }
      try FuzzFailure.unless(total <= bytes.count && whole.packets.count <= bytes.count, "packets come from the file")
      try FuzzFailure.unless(whole.preSkip >= 0 && (whole.played ?? 0) >= 0, "time does not run backwards")
      var outcome = whole.error == nil ? FuzzOutcome.accepted : .refused
      if let error = whole.error { outcome.add("\(error.reason)") }
      outcome.add(size: whole.packets.count)
      outcome.add(size: whole.preSkip)
      outcome.add(whole.header?.framesPerPacket ?? 0)
      return outcome
    }.check()
  }

  private static func read(_ bytes: [UInt8], pieces size: Int) -> Content {
    var reader = OggSpeexReader()
    var content = Content()
    var place = 0
    do throws(AudioFileError) {
      repeat {
        let end = min(place + max(size, 1), bytes.count)
        reader.append(Array(bytes[place..<end]), isLast: end == bytes.count)
        place = end
        while let packet = try reader.nextPacket() { content.packets.append(packet) }
      } while place < bytes.count
    } catch { content.error = error }
    content.header = reader.header
    content.tags = reader.tags.count
    content.preSkip = reader.preSkip
    content.played = reader.playedSamples
    return content
  }
}

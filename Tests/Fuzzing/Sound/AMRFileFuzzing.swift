import Audio
import Primitives
import TestSupport
import Testing

/// Files of AMR and AMR-WB frames.
@Suite struct AMRFileFuzzing {
  static var seeds: [[UInt8]] {
    AMRFileBand.allCases.map { band in
      var writer = AMRFileWriter(band)
      var file = writer.start()
      for type in 0..<16 {
        guard let count = band.frameCount(ofType: type) else { continue }
        let frame = [UInt8(type << 3 | 4)] + [UInt8](repeating: 0x33, count: count - 1)
        file += writer.append(frame.span)
      }
      return file
    } + [Array("#!AMR_MC1.0\n\u{0}\u{0}\u{0}\u{2}||".utf8), Array("#!AMR-WB_MC1.0\n\u{0}\u{0}\u{0}\u{6}".utf8)]
      + Seeds.files("codec/amr", suffix: ".amr", limit: 300) + Seeds.files("codec/amr", suffix: ".awb", limit: 300)
  }

  @Test func filesAreReadOrRefused() {
    let tokens = ["#!AMR\n", "#!AMR-WB\n", "#!AMR_MC1.0\n", "#!AMR-WB_MC1.0\n", "|"]
    var fuzzer = Fuzzer("amr-file", seeds: Self.seeds, tokens: tokens, limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let whole = Self.read(input, pieces: input.count)
      let pieces = Self.read(input, pieces: 1 + random.below(80))
      try FuzzFailure.unless(whole.frames == pieces.frames && whole.error == pieces.error, "pieces are the same file")
      let total = whole.frames.reduce(0) { $0 + $1.count }
      try FuzzFailure.unless(total <= input.count, "frames come from the file")
      if let band = whole.band { try Self.writeAgain(whole.frames, band) }
      var outcome = whole.error == nil ? FuzzOutcome.accepted : .refused
      if let error = whole.error { outcome.add("\(error.reason)") }
      outcome.add(size: whole.frames.count)
      return outcome
    }.check()
  }

  private static func writeAgain(_ frames: [[UInt8]], _ band: AMRFileBand) throws(FuzzFailure) {
    var writer = AMRFileWriter(band)
    var file = writer.start()
    for frame in frames { file += writer.append(frame.span) }
    let again = read(file, pieces: file.count)
    // The padding bits of a frame's first octet are not kept.
    try FuzzFailure.unless(
      again.error == nil && again.frames == frames.map { [$0[0] & 0x7C] + $0.dropFirst() }, "what is written is read")
  }

  private static func read(
    _ input: [UInt8], pieces size: Int
  ) -> (frames: [[UInt8]], band: AMRFileBand?, error: AudioFileError?) {
    var reader = AMRFileReader()
    var frames: [[UInt8]] = []
    var place = 0
    do throws(AudioFileError) {
      repeat {
        let end = min(place + max(size, 1), input.count)
        reader.append(Array(input[place..<end]), isLast: end == input.count)
        place = end
        while let frame = try reader.nextFrame() { frames.append(frame) }
      } while place < input.count
    } catch { return (frames, reader.band, error) }
    return (frames, reader.band, nil)
  }
}

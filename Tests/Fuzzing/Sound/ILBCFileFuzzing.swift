import Audio
import Primitives
import TestSupport
import Testing

/// Files of iLBC frames.
@Suite struct ILBCFileFuzzing {
  static var seeds: [[UInt8]] {
    [20, 30].map { time in
      var writer = ILBCFileWriter(frameTime: time)
      let frame = [UInt8](repeating: 0x55, count: ILBCFileReader.frameCount(time))
      let none: [UInt8] = []
      return writer.start() + writer.append(frame.span) + writer.append(none.span)
    } + Seeds.files("codec/ilbc", suffix: ".lbc", limit: 400)
  }

  @Test func filesAreReadOrRefused() {
    var fuzzer = Fuzzer("ilbc-file", seeds: Self.seeds, tokens: ["#!iLBC20\n", "#!iLBC30\n"], limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let whole = Self.read(input, pieces: input.count)
      let pieces = Self.read(input, pieces: 1 + random.below(80))
      try FuzzFailure.unless(whole.file == pieces.file && whole.error == pieces.error, "pieces are the same file")
      var outcome = whole.error == nil ? FuzzOutcome.accepted : .refused
      outcome.add(size: whole.file.count)
      if whole.error == nil { try FuzzFailure.unless(whole.file == input, "what parses is written the same") }
      return outcome
    }.check()
  }

  /// The file written again, as far as it is whole.
  private static func read(_ input: [UInt8], pieces size: Int) -> (file: [UInt8], error: AudioFileError?) {
    var reader = ILBCFileReader()
    var writer: ILBCFileWriter?
    var file: [UInt8] = []
    var place = 0
    do throws(AudioFileError) {
      repeat {
        let end = min(place + max(size, 1), input.count)
        reader.append(Array(input[place..<end]), isLast: end == input.count)
        place = end
        while let frame = try reader.nextFrame() {
          if writer == nil { writer = reader.frameTime.map { ILBCFileWriter(frameTime: $0) } }
          if file.isEmpty { file = writer?.start() ?? [] }
          file += writer?.append(frame.span) ?? []
        }
      } while place < input.count
    } catch { return (file, error) }
    if file.isEmpty, let time = reader.frameTime { file = ILBCFileWriter(frameTime: time).start() }
    return (file, nil)
  }
}

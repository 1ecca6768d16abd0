import Audio
import Primitives
import TestSupport
import Testing

/// WAV files of every kind, and the repair of our own.
@Suite struct WAVFuzzing {
  static var own: [[UInt8]] {
    [1, 2].map { channels in
      var writer = WAVWriter(sampleRate: 16_000, channels: channels)
      let samples = (0..<64).map { Int16($0 * 500 - 16_000) }
      var file = writer.start() + writer.append(samples.span)
      for patch in writer.patches() {
        file.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
      }
      return file
    }
  }
  static var seeds: [[UInt8]] {
    own + Seeds.files("containers", suffix: ".wav", limit: 600) + Seeds.files("containers/odd", limit: 600)
      + Seeds.files("fuzz/pjproject/wav", limit: 600)
  }
  static let tokens = ["RIFF", "RF64", "WAVE", "fmt ", "data", "ds64", "JUNK", "LIST", "fact", "\u{0}\u{0}\u{0}\u{0}"]

  @Test func filesAreReadOrRefused() {
    var fuzzer = Fuzzer("wav-reader", seeds: Self.seeds, tokens: Self.tokens, limit: 2_048)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let clip: AudioClip
      do throws(WAVError) { clip = try WAVReader.parse(input) } catch {
        var outcome = FuzzOutcome.refused
        switch error {
        case .unsupported: outcome.add(1)
        case .badFormat(let text): outcome.add(text.utf8.count)
        case .notRIFF, .noFormat, .noData, .tooLarge: outcome.add("\(error)")
        }
        return outcome
      }
      try FuzzFailure.unless(clip.samples.count <= input.count, "there are no more samples than octets")
      try Self.writeAgain(clip)
      _ = clip.resampled(to: 48_000).duration
      var outcome = FuzzOutcome.accepted
      outcome.add(size: clip.samples.count)
      outcome.add(size: clip.sampleRate)
      outcome.add(input.count - clip.samples.count > 0 ? (input.count / max(clip.samples.count, 1)) : 0)
      return outcome
    }.check()
  }

  @Test func interruptedFilesAreMendedOrLeft() {
    var fuzzer = Fuzzer("wav-repair", seeds: Self.own, tokens: Self.tokens, limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let size = random.once(in: 4) ? Int(random.next() >> UInt64(random.inside(1...63))) : input.count
      guard let repair = WAVWriter.repair(fileSize: size, header: input) else { return .refused }
      try FuzzFailure.unless(
        repair.length >= WAVWriter.headerCount && repair.length <= size, "a repair keeps no more than there is")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: repair.frames)
      guard size == input.count else { return outcome }
      var file = Array(input.prefix(repair.length))
      for patch in repair.patches {
        try FuzzFailure.unless(
          patch.offset >= 0 && patch.offset + patch.bytes.count <= file.count, "a patch lies in the file")
        file.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
      }
      if let frames = try Self.frames(of: file) {
        try FuzzFailure.unless(frames == repair.frames, "a mended file has the frames that it says")
      }
      return outcome
    }.check()
  }

  private static func writeAgain(_ clip: AudioClip) throws(FuzzFailure) {
    let samples = clip.samples
    var writer = WAVWriter(sampleRate: clip.sampleRate)
    var file = writer.start() + writer.append(samples.span)
    for patch in writer.patches() {
      file.replaceSubrange(patch.offset..<patch.offset + patch.bytes.count, with: patch.bytes)
    }
    guard let again = try? WAVReader.parse(file) else { throw FuzzFailure("what we write we read") }
    try FuzzFailure.unless(
      again.samples == samples && again.sampleRate == clip.sampleRate, "what we write we read the same")
  }

  /// Nil for a rate or a number of channels that nobody plays.
  private static func frames(of file: [UInt8]) throws(FuzzFailure) -> Int? {
    do throws(WAVError) { return try WAVReader.parse(file).samples.count } catch {
      if case .badFormat = error { return nil }
      throw FuzzFailure("a mended file is read", "\(error)")
    }
  }
}

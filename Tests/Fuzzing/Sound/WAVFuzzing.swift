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
      do throws(AudioFileError) { clip = try WAVReader.parse(input) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add(Self.kind(error.reason))
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

  @Test func filesInPiecesAreTheSameFiles() {
    var fuzzer = Fuzzer("wav-pieces", seeds: Self.seeds, tokens: Self.tokens, limit: 2_048)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let whole = Self.read(input, pieces: input.count)
      try FuzzFailure.unless(whole == Self.read(input, pieces: 1 + random.below(60)), "pieces are the same file")
      guard case .success(let octets) = whole else { return .refused }
      try FuzzFailure.unless(octets.count <= input.count, "samples come from the file")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: octets.count)
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

  private static func read(_ input: [UInt8], pieces size: Int) -> Result<[UInt8], AudioFileError> {
    var reader = WAVReader()
    var octets: [UInt8] = []
    var place = 0
    do throws(AudioFileError) {
      repeat {
        let end = min(place + max(size, 1), input.count)
        reader.append(Array(input[place..<end]), isLast: end == input.count)
        try reader.takeOctets(into: &octets)
        place = end
      } while place < input.count
    } catch { return .failure(error) }
    return .success(octets)
  }

  /// A refusal without the numbers that the file chose.
  private static func kind(_ reason: AudioFileError.Reason) -> String {
    switch reason {
    case .notA: "not a"
    case .missing(let part), .cutShort(let part): part
    case .badHeader(let text): String(text.prefix(10))
    case .unsupported: "unsupported"
    case .badFrame: "frame"
    case .tooLarge: "large"
    }
  }

  /// Nil for a rate or a number of channels that nobody plays.
  private static func frames(of file: [UInt8]) throws(FuzzFailure) -> Int? {
    do throws(AudioFileError) { return try WAVReader.parse(file).samples.count } catch {
      if case .badHeader = error.reason { return nil }
      throw FuzzFailure("a mended file is read", "\(error)")
    }
  }
}

import Primitives
import TestSupport
import Testing

@testable import Audio

/// WebM files as a crash, a broken disk or another program leaves them.
@Suite struct WebMFuzzing {
  private static func own(_ tracks: WebMTracks, pictures: Int) -> (torn: [UInt8], closed: [UInt8]) {
    var writer = WebMWriter(tracks)
    var file = writer.start()
    for index in 0..<pictures {
      let time = Int64(index) * 40
      let frame = [UInt8](repeating: UInt8(truncatingIfNeeded: index), count: 20 + index)
      file += writer.append(video: frame.span, isKeyFrame: index % 30 == 0, at: time)
      file += writer.append(audio: [1, 2, 3].span, at: time, length: 20)
      if index % 5 == 4 { file += writer.flush() }
    }
    file += writer.append(audio: [4].span, at: Int64(pictures) * 40, length: 20, discarded: 6_500_000)
    file += writer.flush()
    let end = writer.finish()
    return (file, patched(file + end.octets, end.patches))
  }

  private static func patched(_ file: [UInt8], _ patches: [FilePatch]) -> [UInt8] {
    var file = file
    for patch in patches {
      let end = patch.offset + patch.bytes.count
      if end > file.count { file += [UInt8](repeating: 0, count: end - file.count) }
      file.replaceSubrange(patch.offset..<end, with: patch.bytes)
    }
    return file
  }

  static var seeds: [[UInt8]] {
    let both = own(
      WebMTracks(video: .init(width: 640, height: 360), audio: .init(preSkip: 312, inputRate: 48_000)), pictures: 40)
    let audio = own(WebMTracks(audio: .init(channels: 2, preSkip: 312, inputRate: 48_000)), pictures: 60)
    return [both.torn, both.closed, Array(both.torn.dropLast(15)), audio.torn, audio.closed]
  }
  static let tokens = [
    "\u{1F}C", "OpusHead", "V_VP8", "A_OPUS", "webm", "\u{1}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}\u{0}",
  ]

  @Test func filesAreReadOrRefused() {
    var fuzzer = Fuzzer("webm-reader", seeds: Self.seeds, tokens: Self.tokens, limit: 6_144)
    fuzzer.run { (input, _) throws(FuzzFailure) in
      let reader: WebMReader
      do throws(AudioFileError) { reader = try WebMReader(input) } catch {
        var outcome = FuzzOutcome.refused
        outcome.add("\(error.reason)")
        return outcome
      }
      let total = reader.blocks.reduce(0) { $0 + $1.place.count }
      try FuzzFailure.unless(total <= input.count, "frames come from the file")
      try FuzzFailure.unless(
        reader.blocks.allSatisfy { $0.place.lowerBound >= 0 && $0.place.upperBound <= input.count },
        "frames lie in the file")
      try FuzzFailure.unless((0...input.count).contains(reader.damage), "no more is damaged than there is")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: reader.blocks.count)
      outcome.add(size: reader.cues.count)
      outcome.add(reader.isClosed)
      outcome.add(size: reader.damage)
      return outcome
    }.check()
  }

  @Test func interruptedFilesAreMendedOrLeft() {
    var fuzzer = Fuzzer("webm-repair", seeds: Self.seeds, tokens: Self.tokens, limit: 6_144)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      var bytes = Array(input.prefix(input.count - (random.once(in: 2) ? random.below(input.count + 1) : 0)))
      if random.once(in: 4), bytes.count > 1_200 {
        // What a full disk leaves out.
        let start = 600 + random.below(bytes.count - 900)
        for index in start..<min(start + random.below(400), bytes.count) { bytes[index] = 0 }
      }
      guard let repair = WebMRepair.repair(bytes) else { return .refused }
      try FuzzFailure.unless(repair.frames >= 0, "a file lasts some time or none")
      for patch in repair.patches {
        try FuzzFailure.unless(
          patch.offset >= 0 && patch.offset + patch.bytes.count <= repair.length, "a patch lies in the file")
      }
      let mended = Array(Self.patched(bytes, repair.patches).prefix(repair.length))
      try FuzzFailure.unless(mended.count == repair.length, "a repair keeps no more than there is")
      let again = WebMRepair.repair(mended)
      try FuzzFailure.unless(
        again?.length == repair.length && again?.patches.isEmpty == true, "a mended file needs no mending")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: mended.count)
      outcome.add(size: repair.frames)
      return outcome
    }.check()
  }
}

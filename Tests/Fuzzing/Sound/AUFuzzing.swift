import Audio
import Primitives
import TestSupport
import Testing

/// AU files, whole and in pieces.
@Suite struct AUFuzzing {
  static var seeds: [[UInt8]] {
    let head: [UInt8] = [0x2E, 0x73, 0x6E, 0x64, 0, 0, 0, 28, 0, 0, 0, 12, 0, 0, 0, 3, 0, 0, 0x1F, 0x40, 0, 0, 0, 2]
    return [head + [UInt8](0..<16), Array(head.prefix(15)) + [27] + head.suffix(8) + [UInt8](0..<9)]
      + Seeds.files("containers", suffix: ".au", limit: 300)
  }
  static let tokens = [".snd", "\u{0}\u{0}\u{0}\u{18}", "\u{0}\u{0}\u{0}\u{1}", "\u{0}\u{0}\u{0}\u{7}"]

  @Test func filesAreReadOrRefused() {
    var fuzzer = Fuzzer("au-reader", seeds: Self.seeds, tokens: Self.tokens, limit: 1_024)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let whole = Self.read(input, pieces: input.count)
      let pieces = Self.read(input, pieces: 1 + random.below(40))
      try FuzzFailure.unless(whole == pieces, "a file in pieces is the same file")
      guard case .success(let samples) = whole else { return .refused }
      try FuzzFailure.unless(samples.count <= input.count, "there are no more samples than octets")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: samples.count)
      return outcome
    }.check()
  }

  private static func read(_ input: [UInt8], pieces size: Int) -> Result<[Int16], AudioFileError> {
    var reader = AUReader()
    var samples: [Int16] = []
    var octets: [UInt8] = []
    var place = 0
    do throws(AudioFileError) {
      repeat {
        let end = min(place + max(size, 1), input.count)
        reader.append(Array(input[place..<end]), isLast: end == input.count)
        place = end
        guard let format = try reader.readHeader() else { continue }
        if format.coding.isLinear {
          try reader.takeSamples(into: &samples)
        } else {
          try reader.takeOctets(into: &octets)
        }
      } while place < input.count
    } catch { return .failure(error) }
    return .success(samples + octets.map(Int16.init))
  }
}

import Primitives
import TestSupport
import Testing

@testable import Audio

/// Ogg Opus files: with broken checksums as they come, and sealed anew so that what is inside is looked at.
@Suite struct OggFuzzing {
  static var own: [UInt8] {
    var writer = OggOpusWriter(serial: 7)
    var file = writer.start(preSkip: 312, inputRate: 48_000, tags: [("TITLE", "x")])
    for index in 0..<24 {
      file += writer.append([UInt8](repeating: UInt8(index), count: index * 23).span, samples: 960)
    }
    return file + writer.flush() + writer.finish()
  }
  static var seeds: [[UInt8]] {
    [own, Array(own.prefix(own.count - 40))] + Seeds.files("containers", suffix: ".opus", limit: 4_096)
      + Seeds.files("containers", suffix: ".spx", limit: 2_048)
  }
  static let tokens = ["OggS\u{0}", "OpusHead", "OpusTags", "OggS\u{0}\u{2}", "\u{1}\u{1}\u{38}\u{1}"]

  /// Gives every page its right checksum, as far as pages can be made out.
  static func sealed(_ input: [UInt8]) -> [UInt8] {
    var bytes = input
    var place = 0
    while place + OggPage.headerCount <= bytes.count {
      guard bytes[place..<place + 4].elementsEqual("OggS".utf8) else {
        place += 1
        continue
      }
      let segments = Int(bytes[place + 26])
      let table = place + OggPage.headerCount
      guard table + segments <= bytes.count else { break }
      let end = bytes[table..<table + segments].reduce(table + segments) { $0 + Int($1) }
      guard end <= bytes.count else { break }
      var page = Array(bytes[place..<end])
      OggCRC.seal(&page)
      bytes.replaceSubrange(place..<end, with: page)
      place = end
    }
    return bytes
  }

  @Test func filesAreReadOrRefused() {
    var fuzzer = Fuzzer("ogg-reader", seeds: Self.seeds, tokens: Self.tokens, limit: 6_144)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let bytes = random.once(in: 4) ? input : Self.sealed(input)
      let reader: OggOpusReader
      do throws(AudioFileError) { reader = try OggOpusReader(bytes) } catch {
        var outcome = FuzzOutcome.refused
        if case .badHeader(let text) = error.reason {
          outcome.add(text.utf8.count)
        } else {
          outcome.add("\(error.reason)")
        }
        return outcome
      }
      let total = reader.packets.reduce(0) { $0 + $1.count }
      try FuzzFailure.unless(total <= bytes.count && reader.packets.count <= bytes.count, "packets come from the file")
      try FuzzFailure.unless(reader.damage <= bytes.count, "no more is damaged than there is")
      try FuzzFailure.unless((reader.playedSamples ?? 0) >= 0, "a file lasts some time or none")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: reader.packets.count)
      outcome.add(size: reader.tags.count)
      outcome.add(reader.isEnded)
      outcome.add(size: reader.damage)
      outcome.add(reader.channels)
      return outcome
    }.check()
  }

  @Test func filesInPiecesGiveNoMoreThanThereIs() {
    var fuzzer = Fuzzer("ogg-feed", seeds: Self.seeds, tokens: Self.tokens, limit: 6_144)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let bytes = random.once(in: 4) ? input : Self.sealed(input)
      var feed = OggOpusFeed()
      var outcome = FuzzOutcome.accepted
      var (place, packets, octets) = (0, 0, 0)
      repeat {
        let end = min(place + 1 + random.below(2_000), bytes.count)
        feed.append(Array(bytes[place..<end]), isLast: end == bytes.count)
        place = end
        while let packet = feed.nextPacket() {
          packets += 1
          octets += packet.count
        }
      } while place < bytes.count
      try FuzzFailure.unless(octets <= bytes.count && packets <= bytes.count, "packets come from the file")
      outcome.add(size: packets)
      outcome.add(feed.channels)
      return outcome
    }.check()
  }

  @Test func interruptedFilesAreMendedOrLeft() {
    var fuzzer = Fuzzer("ogg-repair", seeds: Self.seeds, tokens: Self.tokens, limit: 6_144)
    fuzzer.run { (input, random) throws(FuzzFailure) in
      let bytes = random.once(in: 4) ? input : Self.sealed(input)
      let offset = random.below(1 << 30)
      guard let repair = OggOpusWriter.repair(tail: bytes, offset: offset) else { return .refused }
      try FuzzFailure.unless(
        repair.length > offset && repair.length <= offset + bytes.count, "a repair keeps no more than there is")
      try FuzzFailure.unless(repair.frames >= 0, "a file lasts some time or none")
      var file = Array(bytes.prefix(repair.length - offset))
      for patch in repair.patches {
        let start = patch.offset - offset
        try FuzzFailure.unless(start >= 0 && start + patch.bytes.count <= file.count, "a patch lies in the file")
        file.replaceSubrange(start..<start + patch.bytes.count, with: patch.bytes)
      }
      let again = OggOpusWriter.repair(tail: file, offset: offset)
      try FuzzFailure.unless(
        again?.length == repair.length && again?.patches.isEmpty == true, "a mended file needs no mending")
      var outcome = FuzzOutcome.accepted
      outcome.add(size: file.count)
      outcome.add(size: repair.frames)
      return outcome
    }.check()
  }
}

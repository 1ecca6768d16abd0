import Primitives
import Testing

@testable import Runtime

/// Sealed files by themselves: content at any place, crashes at any octet, and every octet of them changed.
@Suite struct SealedFileTests {
  static let text = String(repeating: "0f", count: 32)
  static let older = String(repeating: "a5", count: 32)

  static func keys(_ text: String = text) throws -> ArchiveKeys { try ArchiveKeys(text: text) }

  /// Writes as a recording does, also over what is there, and into a plain array beside it.
  private static func write(_ file: ArchiveFile, steps: Int, seed: UInt64) throws -> [UInt8] {
    var random = RandomSource.seeded(seed)
    var plain: [UInt8] = []
    for step in 0..<steps {
      let octets = (0..<Int.random(in: 1...300, using: &random)).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ step) }
      switch Int.random(in: 0..<10, using: &random) {
      case 0:
        let size = Int.random(in: 0...(plain.count + 500), using: &random)
        try file.truncate(to: Int64(size))
        plain = Array(plain.prefix(size)) + Array(repeating: 0, count: max(0, size - plain.count))
      case 1, 2, 3:
        let offset = Int.random(in: 0...(plain.count + 100), using: &random)
        try file.write(octets, at: Int64(offset))
        plain += Array(repeating: 0, count: max(0, offset + octets.count - plain.count))
        plain.replaceSubrange(offset..<offset + octets.count, with: octets)
      default:
        try file.write(octets, at: Int64(plain.count))
        plain += octets
      }
    }
    return plain
  }

  @Test(arguments: 1...12)
  func whatWasWrittenIsReadAtEveryPlace(_ seed: UInt64) throws {
    let scratch = try Scratch()
    let directory = try OpenDirectory(root: scratch.path)
    let file = try directory.create("x", keys: Self.keys())
    var plain = try Self.write(file, steps: 30, seed: seed)
    #expect(try file.read(plain.count + 10, at: 0) == plain)
    // The list of its places is known now, and goes on.
    let more = [UInt8](repeating: 9, count: 50)
    let middle = plain.count / 2
    try file.write(more, at: Int64(middle))
    plain += Array(repeating: 0, count: max(0, middle + 50 - plain.count))
    plain.replaceSubrange(middle..<middle + 50, with: more)
    try file.close()
    var random = RandomSource.seeded(seed)
    for file in [file, try directory.open("x", keys: Self.keys())] {
      #expect(file.isSealed && file.size == Int64(plain.count))
      #expect(try file.read(plain.count + 10, at: 0) == plain)
      for _ in 0..<20 {
        let offset = Int.random(in: 0...(plain.count + 5), using: &random)
        let count = Int.random(in: 0...400, using: &random)
        #expect(try file.read(count, at: Int64(offset)) == Array(plain.dropFirst(offset).prefix(count)))
      }
    }
    // Nothing of it lies there as it is.
    let octets = try scratch.bytes("x")
    #expect(octets.starts(with: Array("TRILSEA1".utf8)))
    #expect(!octets.indices.dropLast(16).contains { octets[$0..<$0 + 16].elementsEqual(more.prefix(16)) })
  }

  @Test func aCrashAtAnyOctetCostsTheRecordThatWasBeingWritten() throws {
    let scratch = try Scratch()
    let directory = try OpenDirectory(root: scratch.path)
    let file = try directory.create("x", keys: Self.keys())
    var ends = [0]
    var plain: [UInt8] = []
    var limits = [SealedHeader.count]
    for count in [10, 1, 30] {
      plain += (0..<count).map { UInt8(truncatingIfNeeded: $0) }
      try file.write(Array(plain.suffix(count)), at: Int64(plain.count - count))
      ends.append(plain.count)
      limits.append(try scratch.bytes("x").count)
    }
    let octets = try scratch.bytes("x")
    for length in SealedHeader.count...octets.count {
      try scratch.write(Array(octets.prefix(length)), "y")
      #expect(throws: SystemError.self) { try directory.open("y", keys: Self.keys()) }
      let known = plain.prefix(ends[limits.lastIndex { $0 <= length } ?? 0])
      let found = try directory.open("y", keys: Self.keys(), recovering: true)
      #expect(try found.read(100, at: 0) == Array(known))
      // It goes on from there.
      try found.write([77], at: Int64(known.count))
      try found.close()
      #expect(try directory.open("y", keys: Self.keys()).read(100, at: 0) == Array(known) + [77])
    }
  }

  @Test func whateverIsChangedInItIsNotRead() throws {
    let scratch = try Scratch()
    let directory = try OpenDirectory(root: scratch.path)
    let file = try directory.create("x", keys: Self.keys())
    try file.write(Array("the first piece".utf8), at: 0)
    try file.write(Array("and the second".utf8), at: 15)
    try file.truncate(to: 40)
    try file.close()
    let octets = try scratch.bytes("x")
    let whole = try file.read(100, at: 0)
    #expect(whole.count == 40)
    for index in octets.indices {
      var changed = octets
      changed[index] ^= 0x10
      try scratch.write(changed, "y")
      #expect(throws: SystemError.self, "octet \(index)") {
        // Without its beginning it is no sealed file, and its octets are nobody's.
        let found = try directory.open("y", keys: Self.keys())
        guard found.isSealed else { throw SystemError.altered("open") }
        _ = try found.read(100, at: 0)
      }
    }
    // A record left out, put twice, or behind the end.
    let first = SealedHeader.count
    let second = first + SealedRecord.overhead + 15
    for changed in [
      Array(octets[..<first] + octets[second...]), Array(octets[..<second] + octets[first...]), octets + [0],
      Array(octets.dropLast(SealedRecord.overhead)),
    ] {
      try scratch.write(changed, "y")
      #expect(throws: SystemError.self) { _ = try directory.open("y", keys: Self.keys()).read(100, at: 0) }
    }
  }

  @Test func anyOctetsAreSurvived() throws {
    let scratch = try Scratch()
    let directory = try OpenDirectory(root: scratch.path)
    try directory.create("x", keys: Self.keys()).write([1, 2, 3], at: 0)
    let header = try scratch.bytes("x").prefix(SealedHeader.count)
    var random = RandomSource.seeded(5)
    for _ in 0..<200 {
      let noise = (0..<Int.random(in: 0...200, using: &random)).map { _ in UInt8.random(in: 0...4, using: &random) }
      try scratch.write(Array(header) + noise, "y")
      let found = try directory.open("y", keys: Self.keys(), recovering: true)
      #expect(found.size == 0)
    }
  }

  @Test func olderKeysOpenAndTheNewestSeals() throws {
    let scratch = try Scratch()
    let directory = try OpenDirectory(root: scratch.path)
    let old = try directory.create("old", keys: Self.keys(Self.older))
    try old.write([1], at: 0)
    try old.close()
    let both = try ArchiveKeys(text: "# rotated\n\(Self.text)  # since May\n\n\(Self.older)\n")
    let new = try directory.create("new", keys: both)
    try new.write([2], at: 0)
    try new.close()
    #expect(try directory.open("old", keys: both).read(9, at: 0) == [1])
    #expect(try directory.open("new", keys: Self.keys()).read(9, at: 0) == [2])
    let id = try #require(Self.keys().newest).id
    for keys in [try Self.keys(Self.older), .none] {
      let error = #expect(throws: SystemError.self) { try directory.open("new", keys: keys) }
      #expect(error?.description == "open new, which is sealed by key \(id): Required key not available")
    }
    // What is not sealed is read whatever the keys.
    try scratch.write([3], "plain")
    #expect(try directory.open("plain", keys: both).read(9, at: 0) == [3])
  }

  @Test func aTextThatHoldsNoKeysSaysWhereItIsWrong() {
    let cases: [(String, ArchiveKeys.Flaw)] = [
      ("", .empty), ("# nothing\n", .empty), ("abc", .noKey(line: 1)), ("\n\(Self.text)0", .noKey(line: 2)),
      ("\(Self.text)\n\(Self.text.uppercased())", .repeated(line: 2)),
      (String(repeating: "zz", count: 32), .noKey(line: 1)),
    ]
    for (text, flaw) in cases { #expect(throws: flaw) { try ArchiveKeys(text: text) } }
    let many = (0...64).map { String(repeating: "0", count: 62) + ($0 < 16 ? "0" : "") + String($0, radix: 16) }
    #expect(throws: ArchiveKeys.Flaw.tooMany) { try ArchiveKeys(text: many.joined(separator: "\n")) }
    // Nothing of a key is told.
    #expect(!"\((try? Self.keys()).map { "\($0)" } ?? Self.text)".contains("0f0f"))
  }

  @Test func aPlainCopyIsWrittenOnlyOfWhatIsWhole() throws {
    let scratch = try Scratch()
    let directory = try OpenDirectory(root: scratch.path + "/in")
    let content = (0..<(1 << 20) + 5).map { UInt8(truncatingIfNeeded: $0 &* 13) }
    let file = try directory.create("mix.wav", keys: Self.keys())
    try file.write(content, at: 0)
    try file.close()
    let path = try SealedCopy.write(scratch.path + "/in/mix.wav", to: scratch.path + "/out", keys: Self.keys())
    #expect(path == scratch.path + "/out/mix.wav")
    #expect(try scratch.bytes("out/mix.wav") == content)
    #expect(throws: SystemError.self, "what is there stays") {
      try SealedCopy.write(scratch.path + "/in/mix.wav", to: scratch.path + "/out", keys: Self.keys())
    }
    var changed = try scratch.bytes("in/mix.wav")
    changed[changed.count - 100] ^= 1
    try scratch.write(changed, "in/2.wav")
    #expect(throws: SystemError.self) {
      try SealedCopy.write(scratch.path + "/in/2.wav", to: scratch.path + "/out", keys: Self.keys())
    }
    #expect(!scratch.exists("out/2.wav"))
  }
}

import Primitives

/// Makes new inputs out of old ones: the usual mutations of a grey-box fuzzer, seeded, so that the same number gives the same
/// input.
package struct Mutator: Sendable {
  /// Words of the format that chance would not find.
  package var tokens: [[UInt8]]
  /// Lines and decimal numbers mean something.
  package var isText: Bool
  /// No input is longer, in octets.
  package var limit: Int

  package init(tokens: [String] = [], isText: Bool, limit: Int) {
    self.tokens = tokens.map { Array($0.utf8) }
    self.isText = isText
    self.limit = max(limit, 1)
  }

  private static let integers: [UInt64] = [
    0, 1, 2, 0x7F, 0x80, 0xFF, 0x100, 0x7FFF, 0x8000, 0xFFFF, 0x1_0000, 0x7FFF_FFFF, 0x8000_0000, 0xFFFF_FFFF,
    0x1_0000_0000, 0x7FFF_FFFF_FFFF_FFFF, 0x8000_0000_0000_0000, .max,
  ]
  private static let numerals: [String] = [
    "0", "-1", "1", "00", "255", "256", "4294967295", "4294967296", "9223372036854775807", "9223372036854775808",
    "18446744073709551615", "99999999999999999999999999", "+1", "0x10", "1e9", " 1", "٣",
  ]

  /// One to sixteen mutations of `input`; `mate` lends pieces.
  package func mutate(_ input: [UInt8], mate: [UInt8], random: inout RandomSource) -> [UInt8] {
    var bytes = input
    for _ in 0..<(1 << random.below(5)) { step(&bytes, mate: mate, random: &random) }
    if bytes.count > limit { bytes.removeLast(bytes.count - limit) }
    return bytes
  }

  private func step(_ bytes: inout [UInt8], mate: [UInt8], random: inout RandomSource) {
    if bytes.isEmpty { bytes = random.octets(random.inside(1...16)) }
    let index = random.below(bytes.count)
    switch random.below(isText ? 20 : 15) {
    case 0, 1: bytes[index] ^= 1 << UInt8(random.below(8))
    case 2: bytes[index] = random.octet()
    case 3: putInteger(&bytes, at: index, random: &random)
    case 4: bytes.insert(contentsOf: random.octets(random.inside(1...16)), at: index)
    case 5: bytes.insert(contentsOf: repeatElement(random.octet(), count: random.inside(1...64)), at: index)
    case 6: bytes.removeSubrange(index..<min(bytes.count, index + random.inside(1...32)))
    case 7: duplicate(&bytes, at: index, random: &random)
    case 8: repeatRun(&bytes, at: index, random: &random)
    case 9: bytes.removeLast(bytes.count - index)
    case 10: crossOver(&bytes, at: index, mate: mate, random: &random)
    case 11: splice(&bytes, at: index, mate: mate, random: &random)
    case 12: bytes[index] = bytes[index] &+ UInt8(truncatingIfNeeded: random.inside(-35...35))
    case 13, 14: putToken(&bytes, at: index, random: &random)
    case 15, 16: changeLines(&bytes, random: &random)
    case 17: putNumeral(&bytes, near: index, random: &random)
    default: putToken(&bytes, at: index, random: &random)
    }
  }

  private func putInteger(_ bytes: inout [UInt8], at index: Int, random: inout RandomSource) {
    let value = (random.one(of: Self.integers) ?? 0) &+ UInt64(random.below(3)) &- 1
    let width = 1 << random.below(4)
    let isLittle = random.once(in: 2)
    for place in 0..<width where index + place < bytes.count {
      let shift = UInt64(8 * (isLittle ? place : width - 1 - place))
      bytes[index + place] = UInt8(truncatingIfNeeded: value >> shift)
    }
  }

  private func duplicate(_ bytes: inout [UInt8], at index: Int, random: inout RandomSource) {
    let run = Array(bytes[index..<min(bytes.count, index + random.inside(1...128))])
    bytes.insert(contentsOf: run, at: random.below(bytes.count + 1))
  }

  private func repeatRun(_ bytes: inout [UInt8], at index: Int, random: inout RandomSource) {
    let run = bytes[index..<min(bytes.count, index + random.inside(1...12))]
    let times = min(1 << random.below(8), max(limit - bytes.count, 0) / run.count)
    var copies: [UInt8] = []
    for _ in 0..<times { copies += run }
    bytes.insert(contentsOf: copies, at: index)
  }

  private func crossOver(_ bytes: inout [UInt8], at index: Int, mate: [UInt8], random: inout RandomSource) {
    bytes.removeLast(bytes.count - index)
    bytes += mate[random.below(mate.count + 1)...]
  }

  private func splice(_ bytes: inout [UInt8], at index: Int, mate: [UInt8], random: inout RandomSource) {
    guard !mate.isEmpty else { return }
    let from = random.below(mate.count)
    let run = mate[from..<min(mate.count, from + random.inside(1...64))]
    if random.once(in: 2) {
      bytes.insert(contentsOf: run, at: index)
    } else {
      bytes.replaceSubrange(index..<min(bytes.count, index + run.count), with: run)
    }
  }

  private func putToken(_ bytes: inout [UInt8], at index: Int, random: inout RandomSource) {
    guard let token = random.one(of: tokens) else { return }
    if random.once(in: 2) {
      bytes.insert(contentsOf: token, at: index)
    } else {
      bytes.replaceSubrange(index..<min(bytes.count, index + token.count), with: token)
    }
  }

  private func changeLines(_ bytes: inout [UInt8], random: inout RandomSource) {
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)
    let index = random.below(lines.count)
    let other = random.below(lines.count)
    switch random.below(5) {
    case 0: lines.insert(lines[index], at: other)
    case 1: lines.remove(at: index)
    case 2: lines.swapAt(index, other)
    case 3: lines.insert(contentsOf: repeatElement(lines[index], count: random.inside(2...40)), at: other)
    default: lines[index] = random.one(of: tokens).map { $0[...] } ?? []
    }
    bytes = Array(lines.joined(separator: [0x0A]))
  }

  /// Another number in the place of the one that stands nearest behind `index`.
  private func putNumeral(_ bytes: inout [UInt8], near index: Int, random: inout RandomSource) {
    guard let start = bytes[index...].firstIndex(where: { (0x30...0x39).contains($0) }),
      let numeral = random.one(of: Self.numerals)
    else { return }
    let end = bytes[start...].firstIndex { !(0x30...0x39).contains($0) } ?? bytes.count
    bytes.replaceSubrange(start..<end, with: Array(numeral.utf8))
  }
}

import Primitives
import Testing

/// Randomness that repeats when it should and does not when it should not.
@Suite struct RandomSourceTests {
  /// The published sequence of SplitMix64 for the seed 1234567.
  @Test func aSeedGivesTheKnownSequence() {
    var random = RandomSource.seeded(1_234_567)
    let drawn = (0..<5).map { _ in random.next() }
    #expect(
      drawn == [
        6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423, 4_593_380_528_125_082_431,
        16_408_922_859_458_223_821,
      ])
  }

  @Test func twoOfOneSeedAgreeAndTwoSeedsDoNot() {
    var one = RandomSource.seeded(7)
    var same = RandomSource.seeded(7)
    var other = RandomSource.seeded(8)
    let drawn = (0..<100).map { _ in one.next() }
    #expect(drawn == (0..<100).map { _ in same.next() })
    #expect(drawn != (0..<100).map { _ in other.next() })
    #expect(Set(drawn).count == 100)
  }

  /// A copy goes on from the same state: machines are values, and so is their randomness.
  @Test func aCopyGoesOnByItself() {
    var one = RandomSource.seeded(7)
    _ = one.next()
    var copy = one
    #expect(one.token(40) == copy.token(40))
  }

  @Test func tokensAreHexOfTheLengthAskedFor() {
    var random = RandomSource.seeded(1)
    for count in [0, 1, 15, 16, 17, 64] {
      let token = random.token(count)
      #expect(token.utf8.count == count)
      #expect(token.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) })
    }
    var seen: Set<String> = []
    for _ in 0..<10_000 { seen.insert(random.token(16)) }
    #expect(seen.count == 10_000)
  }

  @Test func theSystemsGeneratorDoesNotRepeat() {
    var one = RandomSource.system
    var other = RandomSource.system
    #expect(Set((0..<50).map { _ in one.next() } + (0..<50).map { _ in other.next() }).count == 100)
    #expect(one.token(32) != other.token(32))
  }

  @Test func everyBitComesUpAboutHalfTheTime() {
    var random = RandomSource.seeded(2014)
    var counts = Array(repeating: 0, count: 64)
    for _ in 0..<10_000 {
      let value = random.next()
      for bit in 0..<64 where value >> UInt64(bit) & 1 == 1 { counts[bit] += 1 }
    }
    #expect(counts.allSatisfy { (4_700...5_300).contains($0) })
  }
}

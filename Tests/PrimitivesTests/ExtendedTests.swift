import Primitives
import Testing

/// Counters that wrap on the wire, RFC 3550, appendix A.1.
@Suite struct ExtendedTests {
  @Test func aSequenceNumberCountsOnOverItsWraps() {
    var counter = Extended<UInt16>()
    #expect(counter.last == nil)
    #expect(counter.extend(65_534) == 65_534)
    #expect(counter.extend(65_535) == 65_535)
    #expect(counter.extend(0) == 65_536)
    #expect(counter.extend(1) == 65_537)
    #expect(counter.last == 65_537)
  }

  @Test func aLatePacketIsBeforeTheWrapAndMovesNothing() {
    var counter = Extended<UInt16>()
    _ = counter.extend(65_535)
    _ = counter.extend(2)
    #expect(counter.last == 65_538)
    #expect(counter.extend(65_534) == 65_534)
    #expect(counter.extend(0) == 65_536)
    #expect(counter.last == 65_538)
  }

  @Test func beforeTheVeryFirstIsNegative() {
    var counter = Extended<UInt16>()
    #expect(counter.extend(0) == 0)
    #expect(counter.extend(65_535) == -1)
    #expect(counter.last == 0)
    #expect(counter.extend(1) == 1)
  }

  @Test func halfTheRangeForwardIsUnderstoodAndNoMore() {
    var counter = Extended<UInt16>()
    _ = counter.extend(100)
    #expect(counter.peek(100 + 32_767) == 100 + 32_767)
    #expect(counter.peek(100 + 32_768) == 100 - 32_768)
    #expect(counter.peek(100) == 100)
  }

  @Test func lookingIsNotSeeing() {
    var counter = Extended<UInt16>()
    #expect(counter.peek(7) == 7)
    #expect(counter.last == nil)
    _ = counter.extend(7)
    #expect(counter.peek(9) == 9)
    #expect(counter.last == 7)
  }

  @Test func timestampsWrapAfterThirtyTwoBits() {
    var counter = Extended<UInt32>()
    #expect(counter.extend(0xFFFF_FF00) == 0xFFFF_FF00)
    #expect(counter.extend(0x0000_0060) == 0x1_0000_0060)
    #expect(counter.extend(0xFFFF_FFFF) == 0xFFFF_FFFF)
    #expect(counter.peek(0x8000_005F) == 0x1_8000_005F)
    #expect(counter.peek(0x8000_0060) == 0x8000_0060)
    #expect(counter.last == 0x1_0000_0060)
  }

  @Test func aLongShuffledRunIsUnwrapped() {
    var random = RandomSource.seeded(3550)
    var counter = Extended<UInt16>()
    let start: Int64 = 60_000
    _ = counter.extend(UInt16(truncatingIfNeeded: start))
    for step in Int64(0)..<300_000 {
      let truth = start + step + Int64.random(in: -500...500, using: &random)
      #expect(counter.extend(UInt16(truncatingIfNeeded: truth)) == truth)
    }
    #expect((counter.last ?? 0) > 4 * 65_536)
  }
}

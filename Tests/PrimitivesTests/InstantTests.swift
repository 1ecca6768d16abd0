import Primitives
import Testing

/// Time as a value: it never wraps, whatever is added to it.
@Suite struct InstantTests {
  private static let first = Instant(nanoseconds: .min)

  @Test func millisecondsAndNanosecondsAdd() {
    let start = Instant(nanoseconds: 1_000)
    #expect(start.advanced(byNanoseconds: -1_001).nanoseconds == -1)
    #expect(start.advanced(byMilliseconds: 20).nanoseconds == 20_001_000)
    #expect(start.advanced(byMilliseconds: -20).nanoseconds == -19_999_000)
    #expect(Instant.zero.nanoseconds == 0)
  }

  @Test func durationsAddAndSubtract() {
    #expect((Instant.zero + .milliseconds(20)).nanoseconds == 20_000_000)
    #expect((Instant.zero - .seconds(2)).nanoseconds == -2_000_000_000)
    #expect((Instant.zero + .milliseconds(-500)).nanoseconds == -500_000_000)
    #expect((Instant.zero + .nanoseconds(1) - .nanoseconds(1)) == .zero)
  }

  @Test func theEndsOfTheRangeHold() {
    #expect(Instant.distantFuture.advanced(byNanoseconds: 1) == .distantFuture)
    #expect(Instant.distantFuture.advanced(byMilliseconds: .max) == .distantFuture)
    #expect(Instant.zero.advanced(byMilliseconds: .max) == .distantFuture)
    #expect(Instant.zero.advanced(byMilliseconds: .min) == Self.first)
    #expect(Self.first.advanced(byNanoseconds: -1) == Self.first)
    #expect(Self.first.advanced(byMilliseconds: .min) == Self.first)
    #expect(Instant.distantFuture + .seconds(1) == .distantFuture)
    #expect(Self.first - .seconds(1) == Self.first)
    #expect(Instant.zero + .seconds(Int64.max) == .distantFuture)
    #expect(Instant.zero + .seconds(Int64.min) == Self.first)
    #expect(Instant.zero - .seconds(Int64.min) == .distantFuture)
  }

  @Test func distancesSaturateToo() {
    #expect(Instant(nanoseconds: 7).nanoseconds(since: Instant(nanoseconds: 10)) == -3)
    #expect(Instant.distantFuture.nanoseconds(since: Self.first) == .max)
    #expect(Self.first.nanoseconds(since: .distantFuture) == .min)
    #expect(Self.first.nanoseconds(since: Instant(nanoseconds: 1)) == .min)
    #expect(Instant.zero.nanoseconds(since: Self.first) == .max)
    #expect(Instant(nanoseconds: 1_500_000).milliseconds(since: .zero) == 1.5)
    #expect(Instant.zero.milliseconds(since: Instant(nanoseconds: 250_000)) == -0.25)
  }

  @Test func laterIsGreater() {
    #expect(Self.first < .zero)
    #expect(Instant.zero < .distantFuture)
    #expect(!(Instant.zero < .zero))
    #expect([Instant.distantFuture, .zero, Self.first].min() == Self.first)
  }

  @Test func aDurationKeepsItsNanosecondsOrSaturates() {
    #expect(Duration.milliseconds(1_500).nanoseconds == 1_500_000_000)
    #expect(Duration.milliseconds(-1_500).nanoseconds == -1_500_000_000)
    #expect(Duration(secondsComponent: 0, attosecondsComponent: 1_999_999_999).nanoseconds == 1)
    #expect(
      Duration(secondsComponent: 9_223_372_036, attosecondsComponent: 854_775_807_000_000_000).nanoseconds == .max)
    #expect(
      Duration(secondsComponent: 9_223_372_036, attosecondsComponent: 854_775_808_000_000_000).nanoseconds == .max)
    #expect(
      Duration(secondsComponent: -9_223_372_036, attosecondsComponent: -854_775_809_000_000_000).nanoseconds == .min)
    #expect(Duration.seconds(Int64.max).nanoseconds == .max)
    #expect(Duration.seconds(Int64.min).nanoseconds == .min)
  }
}

import Application
import Primitives
import Testing

@Suite struct AllowanceTests {
  private func take(_ allowance: inout Allowance, _ count: Int = 1, at now: Instant) -> Bool {
    allowance.take(count, at: now)
  }

  private static let start = Instant.zero + .seconds(100)

  @Test func theBurstIsThereAtOnceAndGrowsAgainWithTime() {
    var allowance = Allowance(burst: 3, every: .seconds(2))
    for _ in 0..<3 { #expect(take(&allowance, at: Self.start)) }
    #expect(!take(&allowance, at: Self.start))
    #expect(!take(&allowance, at: Self.start + .milliseconds(1_999)))
    #expect(take(&allowance, at: Self.start + .seconds(2)))
    #expect(!take(&allowance, at: Self.start + .milliseconds(3_999)))
    #expect(take(&allowance, at: Self.start + .seconds(4)))
  }

  @Test func itNeverGrowsBeyondTheBurst() {
    var allowance = Allowance(burst: 2, every: .seconds(1))
    #expect(take(&allowance, 2, at: Self.start))
    let later = Self.start + .seconds(86_400)
    #expect(!take(&allowance, 3, at: later))
    #expect(take(&allowance, 2, at: later))
    #expect(!take(&allowance, at: later))
  }

  @Test func whatIsTooMuchTakesNothing() {
    var allowance = Allowance(burst: 5, every: .seconds(1))
    #expect(!take(&allowance, 6, at: Self.start))
    #expect(!take(&allowance, .max, at: Self.start))
    #expect(take(&allowance, 5, at: Self.start))
    #expect(take(&allowance, 0, at: Self.start))
  }

  @Test func aClockThatStandsOrGoesBackGivesNothing() {
    var allowance = Allowance(burst: 1, every: .zero)
    #expect(take(&allowance, at: Self.start))
    #expect(!take(&allowance, at: Self.start))
    #expect(!take(&allowance, at: Self.start - .seconds(50)))
  }
}

import Primitives
import Testing

@testable import Runtime

@Suite struct PortPoolTests {
  @Test func givesEveryEvenPortOnceAndThenNone() {
    var pool = PortPool(20_001...20_011, random: .seeded(1))
    var taken: Set<UInt16> = []
    while let port = pool.take() { taken.insert(port) }
    #expect(taken == [20_002, 20_004, 20_006, 20_008, 20_010])
    #expect(pool.count == 0)
  }

  @Test func aPairGivenBackRestsBeforeItIsDrawnAgain() throws {
    var pool = PortPool(20_000...20_199, random: .seeded(2))
    let drawn = pool.take()
    let first = try #require(drawn)
    pool.giveBack(first)
    // Half of the pool is older than it.
    for _ in 0..<49 {
      let port = pool.take()
      #expect(port != nil && port != first)
    }
  }

  @Test func drawsAnotherOrderEveryTime() {
    var one = PortPool(20_000...29_999, random: .seeded(3))
    var other = PortPool(20_000...29_999, random: .seeded(4))
    let first = (0..<20).compactMap { _ in one.take() }
    let second = (0..<20).compactMap { _ in other.take() }
    #expect(first != second)
  }

  @Test func survivesManyRounds() {
    var pool = PortPool(30_000...30_063, random: .seeded(5))
    var held: [UInt16] = []
    var random = RandomSource.seeded(6)
    for _ in 0..<10_000 {
      if Bool.random(using: &random), let port = pool.take() {
        #expect(!held.contains(port))
        held.append(port)
      } else if let port = held.popLast() {
        pool.giveBack(port)
      }
      #expect(pool.count + held.count == 32)
    }
  }
}

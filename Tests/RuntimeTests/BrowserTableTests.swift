import Conference
import ICE
import Primitives
import Testing

@testable import Runtime

@Suite struct BrowserTableTests {
  private func address(_ number: Int) -> TransportAddress { TransportAddress(.v4(UInt32(number)), port: 9) }

  private func key(_ number: Int) throws -> UfragKey { try #require(UfragKey("user\(number)")) }

  private func table(_ legs: Int...) -> BrowserTable {
    var table = BrowserTable()
    for leg in legs { table.insert(LegID(UInt64(leg)), at: .away(RoomID(UInt64(leg)))) }
    return table
  }

  @Test func anAddressBelongsToWhoProvedItLast() {
    var table = table(1, 2)
    table.add(address(5), of: LegID(1))
    #expect(table.leg(at: address(5)) == LegID(1))
    table.add(address(5), of: LegID(2))
    #expect(table.leg(at: address(5)) == LegID(2))
    // The former one's end does not take it away.
    table.remove(LegID(1))
    #expect(table.leg(at: address(5)) == LegID(2))
    table.remove(LegID(2))
    #expect(table.leg(at: address(5)) == nil)
    #expect(table.place(of: LegID(2)) == nil)
  }

  @Test func neitherAddressesNorUfragsGrowWithoutEnd() throws {
    var table = table(1)
    for number in 1...40 {
      table.add(address(number), of: LegID(1))
      table.add(try key(number), of: LegID(1))
    }
    #expect((1...40).filter { table.leg(at: address($0)) != nil } == Array(25...40))
    #expect(try (1...40).filter { table.leg(with: try key($0)) != nil } == [38, 39, 40])
    // Of a leg that is not here nothing is kept.
    table.add(address(99), of: LegID(9))
    table.add(try key(99), of: LegID(9))
    #expect(table.leg(at: address(99)) == nil)
    #expect(table.leg(with: try key(99)) == nil)
    table.remove(LegID(1))
    #expect((1...40).allSatisfy { table.leg(at: address($0)) == nil })
  }
}

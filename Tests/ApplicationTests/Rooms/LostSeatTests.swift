import Conference
import Primitives
import Testing

@testable import Application

/// A browser whose network has gone keeps its seat for a while; whoever cannot have media at all does not.
@Suite struct LostSeatTests {
  /// Calls that are only hung up.
  private actor Switch: CallSwitch {
    private var waiting: CheckedContinuation<LegID, Never>?
    private(set) var ended: [LegID] = []

    func hangUp(_ leg: LegID, cause: String) async {
      ended.append(leg)
      waiting?.resume(returning: leg)
      waiting = nil
    }

    /// The first that was hung up, or is next.
    func first() async -> LegID {
      if let leg = ended.first { return leg }
      return await withCheckedContinuation { waiting = $0 }
    }

    func dial(_ request: DialRequest) async throws(ControlError) -> CallDescription {
      throw ControlError(.unavailable, "nobody is dialled here")
    }
    func conferenceChanged(_ room: RoomID) async {}
    func calls() async -> [CallDescription] { [] }
    func context(_ id: String) async throws(ControlError) -> ContextDescription {
      throw ControlError(.notFound, "none")
    }
    func widgets() async -> [WidgetDescription] { [] }
    func relays() async -> RelayDescription { RelayDescription() }
    func call(_ id: String) async throws(ControlError) -> CallDescription { throw ControlError(.notFound, "no call") }
  }

  private let calls = Switch()

  private func bench(grace: Int) async throws -> (ConsentTests.Bench, Seat) {
    let bench = try await ConsentTests.Bench(record: false)
    var settings = await bench.directory.settings
    settings.lostGrace = grace
    await bench.directory.reload(settings)
    await bench.directory.connect(calls)
    return (bench, try await bench.call("sip:a@x"))
  }

  @Test func theSeatIsKeptAndAnotherFailureEndsTheCall() async throws {
    let (bench, seat) = try await bench(grace: 3_600)
    await bench.directory.handle(.legFailed(seat.leg, .consentLost), in: seat.room)
    #expect(await bench.directory.rooms[seat.room]?[seat.leg]?.loss != nil)
    #expect(await calls.ended.isEmpty)
    await bench.directory.handle(.legConnected(seat.leg), in: seat.room)
    #expect(await bench.directory.rooms[seat.room]?[seat.leg]?.loss == nil)
    await bench.directory.handle(.legFailed(seat.leg, .fingerprint), in: seat.room)
    #expect(await calls.ended == [seat.leg])
  }

  /// The time that began with the first loss ends while the second has only begun.
  @Test func whoComesBackAndIsLostAgainHasTheWholeTimeAgain() async throws {
    let (bench, seat) = try await bench(grace: 3_600)
    var losses: [UInt64] = []
    for _ in 0..<2 {
      await bench.directory.handle(.legConnected(seat.leg), in: seat.room)
      await bench.directory.handle(.legFailed(seat.leg, .consentLost), in: seat.room)
      losses.append(try #require(await bench.directory.rooms[seat.room]?[seat.leg]?.loss))
    }
    await bench.directory.giveUpSeat(of: seat.leg, after: losses[0])
    #expect(await calls.ended.isEmpty)
    await bench.directory.giveUpSeat(of: seat.leg, after: losses[1])
    #expect(await calls.ended == [seat.leg])
  }

  @Test func aSeatThatStaysLostIsGivenUp() async throws {
    let (bench, seat) = try await bench(grace: 0)
    await bench.directory.handle(.legFailed(seat.leg, .consentLost), in: seat.room)
    #expect(await calls.first() == seat.leg)
  }
}

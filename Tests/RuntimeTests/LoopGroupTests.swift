import Codecs
import Conference
import Primitives
import Testing

@testable import Runtime

/// Real sockets on loopback, real threads. Serial, because ports and descriptors belong to the whole process.
@Suite(.serialized, .timeLimit(.minutes(2))) struct LoopGroupTests {
  /// A media plane with its recordings in a directory of its own.
  final class Bench {
    let scratch: Scratch
    let group: LoopGroup
    var events: AsyncStream<(RoomID, RoomEvent)>.Iterator

    init(
      loops: Int = 1, ports: ClosedRange<UInt16> = 40_000...43_999, browserPort: UInt16? = nil,
      maximumLoad: Double = 2
    ) throws {
      scratch = try Scratch()
      group = try LoopGroup(
        settings: RuntimeSettings(
          recordingsRoot: scratch.path, loops: loops, bindAddressV4: .loopbackV4, bindAddressV6: .loopbackV6,
          ports: ports, browserPort: browserPort, maximumLoad: maximumLoad))
      events = group.events.makeAsyncIterator()
    }

    /// Takes events until one gives a value.
    func next<Value>(_ pick: (RoomID, RoomEvent) -> Value?) async throws -> Value {
      while let (room, event) = await events.next() {
        if let value = pick(room, event) { return value }
      }
      throw EventsEnded()
    }

    func closed(_ leg: LegID) async throws -> LegStatistics {
      try await next { _, event in
        if case .legClosed(let statistics) = event, statistics.leg == leg { return statistics }
        return nil
      }
    }
  }

  struct EventsEnded: Error {}

  static func plan(for peer: Peer) -> LegPlan {
    LegPlan(
      audio: AudioPlan(
        send: PayloadFormat(payloadType: 0, format: .pcmu), receive: [PayloadFormat(payloadType: 0, format: .pcmu)],
        remote: peer.address, rtcpMux: false))
  }

  @Test(arguments: [AddressFamily.v4, .v6])
  func legsGetAnEvenPortAndTheNextOne(family: AddressFamily) async throws {
    let bench = try Bench()
    bench.group.openRoom(RoomID(1), plan: RoomPlan())
    let ports = try await bench.group.openLeg(LegID(1), in: RoomID(1), family: family)
    #expect(ports.rtp.port % 2 == 0)
    #expect(ports.rtcp.port == ports.rtp.port + 1)
    #expect(ports.rtp.ip == (family == .v4 ? .loopbackV4 : .loopbackV6))
    await bench.group.shutDown()
  }

  @Test func aLegNeedsARoom() async throws {
    let bench = try Bench()
    await #expect(throws: MediaPlaneError.noSuchRoom) {
      _ = try await bench.group.openLeg(LegID(1), in: RoomID(1), family: .v4)
    }
    bench.group.openRoom(RoomID(1), plan: RoomPlan())
    bench.group.closeRoom(RoomID(1))
    await #expect(throws: MediaPlaneError.noSuchRoom) {
      _ = try await bench.group.openLeg(LegID(1), in: RoomID(1), family: .v4)
    }
    await bench.group.shutDown()
    await #expect(throws: MediaPlaneError.shuttingDown) {
      _ = try await bench.group.openLeg(LegID(1), in: RoomID(1), family: .v4)
    }
  }

  @Test func aRangeThatIsUsedUpIsToldAndComesBackWithTheLegs() async throws {
    let bench = try Bench(ports: 44_000...44_007)
    let room = RoomID(1)
    bench.group.openRoom(room, plan: RoomPlan())
    for number in 1...4 { _ = try await bench.group.openLeg(LegID(UInt64(number)), in: room, family: .v4) }
    await #expect {
      _ = try await bench.group.openLeg(LegID(5), in: room, family: .v4)
    } throws: { error in
      if case .noPorts = error as? MediaPlaneError { return true }
      return false
    }
    bench.group.post(.removeLeg(LegID(2)), to: room)
    _ = try await bench.closed(LegID(2))
    _ = try await bench.group.openLeg(LegID(6), in: room, family: .v4)
    await bench.group.shutDown()
    #expect(bench.group.freePortPairs == 4)
  }

  @Test func portsOfOtherProcessesArePassedOver() async throws {
    let bench = try Bench(ports: 44_100...44_107)
    let blocker = try Peer(TransportAddress(.loopbackV4, port: 44_103))
    let room = RoomID(1)
    bench.group.openRoom(room, plan: RoomPlan())
    var ports: Set<UInt16> = []
    for number in 1...3 {
      ports.insert(try await bench.group.openLeg(LegID(UInt64(number)), in: room, family: .v4).rtp.port)
    }
    #expect(ports == [44_100, 44_104, 44_106])
    await #expect(throws: MediaPlaneError.self) {
      _ = try await bench.group.openLeg(LegID(9), in: room, family: .v4)
    }
    withExtendedLifetime(blocker) {}
    await bench.group.shutDown()
  }

  @Test func fiveHundredLegsComeAndGoAndLeaveNoDescriptor() async throws {
    try DescriptorLimit.raise()
    let bench = try Bench(loops: 2)
    let before = DescriptorLimit.openCount
    for round in 0..<2 {
      let room = RoomID(UInt64(round + 1))
      bench.group.openRoom(room, plan: RoomPlan())
      let first = UInt64(round * 1_000)
      for number in 0..<500 { _ = try await bench.group.openLeg(LegID(first + UInt64(number)), in: room, family: .v4) }
      // Half by one, half with the room.
      for number in 0..<250 { bench.group.post(.removeLeg(LegID(first + UInt64(number))), to: room) }
      bench.group.closeRoom(room)
      var open = Set((0..<500).map { first + UInt64($0) })
      while !open.isEmpty {
        open.remove(
          try await bench.next { _, event in
            if case .legClosed(let statistics) = event { return statistics.leg.rawValue }
            return nil
          })
      }
    }
    #expect(bench.group.freePortPairs == 2_000)
    // Other suites open files at the same time; a leak would be 2,000.
    #expect(DescriptorLimit.openCount < before + 200)
    await bench.group.shutDown()
  }

  @Test func everyRoomEndsWithThePlane() async throws {
    let bench = try Bench(loops: 2)
    for number in 1...10 {
      bench.group.openRoom(RoomID(UInt64(number)), plan: RoomPlan())
      _ = try await bench.group.openLeg(LegID(UInt64(number)), in: RoomID(UInt64(number)), family: .v4)
    }
    await bench.group.shutDown()
    var closed: Set<LegID> = []
    while let (_, event) = await bench.events.next() {
      if case .legClosed(let statistics) = event { closed.insert(statistics.leg) }
    }
    #expect(closed.count == 10)
    #expect(bench.group.statistics.allSatisfy { $0.rooms == 0 && $0.legs == 0 && $0.quanta > 0 })
  }
}

import Conference
import ICE
import Primitives
import Testing

@testable import Runtime

/// A browser's leg over real sockets on loopback.
@Suite(.serialized, .timeLimit(.minutes(1))) struct BrowserLegTests {
  /// Lets the browser talk until it has heard itself in `packets`, ten seconds at most; a loaded machine takes longer than it should.
  private func talk(
    _ browser: BrowserPeer, until packets: Int, sourceLocation: SourceLocation = #_sourceLocation
  ) async throws {
    var beat = 0
    while beat < 2_000, browser.heard.count < packets {
      if beat % 20 == 0, !browser.isAnswered { browser.check() }
      if beat % 4 == 0, browser.hasKeys, browser.isAnswered { browser.speak() }
      try browser.run()
      try await Task.sleep(for: .milliseconds(5))
      beat += 1
    }
    #expect(browser.heard.count >= packets, sourceLocation: sourceLocation)
  }

  @Test(arguments: [nil, 44_400] as [UInt16?])
  func aBrowserConnectsAndHearsItselfInAnEchoRoom(browserPort: UInt16?) async throws {
    let bench = try LoopGroupTests.Bench(loops: 2, ports: 44_200...44_299, browserPort: browserPort)
    let room = RoomID(1)
    let leg = LegID(1)
    bench.group.openRoom(room, plan: RoomPlan(kind: .echo))
    let ports = try await bench.group.openLeg(leg, in: room, family: .v4, kind: .webRTC)
    #expect(ports.rtcp == ports.rtp)
    let browser = try BrowserPeer(ports)
    bench.group.post(.setLegPlan(leg, browser.plan), to: room)
    bench.group.post(.admit(leg), to: room)
    try await talk(browser, until: 20)
    let connected = try await bench.next { _, event in
      if case .legConnected(let leg) = event { return leg }
      return nil
    }
    #expect(connected == leg)
    bench.group.post(.removeLeg(leg), to: room)
    let statistics = try await bench.closed(leg)
    #expect(statistics.packetsRejected == 0)
    #expect(statistics.packetsReceived >= 10)
    await bench.group.shutDown()
    #expect(bench.group.freePortPairs == 50)
  }

  /// Three browsers on one port, in rooms of two loops; one goes from loop to loop and changes its network on the way.
  @Test func browsersShareAPortAndKeepItAcrossLoops() async throws {
    let bench = try LoopGroupTests.Bench(loops: 2, ports: 44_500...44_519, browserPort: 44_410)
    for number in 1...2 { bench.group.openRoom(RoomID(UInt64(number)), plan: RoomPlan(kind: .echo)) }
    var browsers: [BrowserPeer] = []
    var announced: [UInt16] = []
    for number in 1...3 {
      let (leg, room) = (LegID(UInt64(number)), RoomID(number == 3 ? 2 : 1))
      let ports = try await bench.group.openLeg(leg, in: room, family: .v4, kind: .webRTC)
      announced.append(ports.rtp.port)
      let browser = try BrowserPeer(ports)
      browsers.append(browser)
      bench.group.post(.setLegPlan(leg, browser.plan), to: room)
      bench.group.post(.admit(leg), to: room)
      try await talk(browser, until: 5)
    }
    #expect(announced == [44_410, 44_410, 44_411])
    #expect(bench.group.freePortPairs == 10)
    let moved = browsers[0]
    bench.group.moveLeg(LegID(1), from: RoomID(1), to: RoomID(2))
    moved.forget()
    try await talk(moved, until: 20)
    try moved.restart()
    bench.group.post(.setLegPlan(LegID(1), moved.plan), to: RoomID(2))
    try await talk(moved, until: 20)
    bench.group.moveLeg(LegID(1), from: RoomID(2), to: RoomID(1))
    moved.forget()
    try await talk(moved, until: 20)
    browsers[1].forget()
    try await talk(browsers[1], until: 5)
    bench.group.closeRoom(RoomID(1))
    var closed: Set<LegID> = []
    while closed.count < 2 {
      closed.insert(
        try await bench.next { _, event in
          if case .legClosed(let statistics) = event { return statistics.leg }
          return nil
        })
    }
    #expect(closed == [LegID(1), LegID(2)])
    await bench.group.shutDown()
  }

  /// RFC 6544: the network lets no UDP through. The connection breaks, and the browser comes again; in the end it is in a
  /// room of the other loop.
  @Test func aBrowserComesByTCPAndComesAgain() async throws {
    let bench = try LoopGroupTests.Bench(loops: 2, ports: 44_520...44_539, browserPort: 44_420)
    for number in 1...2 { bench.group.openRoom(RoomID(UInt64(number)), plan: RoomPlan(kind: .echo)) }
    let leg = LegID(1)
    let ports = try await bench.group.openLeg(leg, in: RoomID(1), family: .v4, kind: .webRTC)
    #expect(ports.stream == ports.rtp)
    let browser = try BrowserPeer(ports, by: .stream)
    bench.group.post(.setLegPlan(leg, browser.plan), to: RoomID(1))
    bench.group.post(.admit(leg), to: RoomID(1))
    try await talk(browser, until: 20)
    try browser.reconnect()
    let failure = try await bench.next { _, event in
      if case .legFailed(_, let failure) = event { return failure }
      return nil
    }
    #expect(failure == .consentLost)
    try await talk(browser, until: 20)
    bench.group.moveLeg(leg, from: RoomID(1), to: RoomID(2))
    browser.forget()
    try await talk(browser, until: 20)
    try browser.restart()
    bench.group.post(.setLegPlan(leg, browser.plan), to: RoomID(2))
    try await talk(browser, until: 20)
    bench.group.closeRoom(RoomID(2))
    let statistics = try await bench.closed(leg)
    #expect(statistics.packetsRejected == 0)
    await bench.group.shutDown()
  }

  /// Forty say hello in one moment, and a quantum takes eight: the others wait, and nobody is lost.
  @Test func manyWhoComeAtOnceAllGetTheirKeys() async throws {
    let bench = try LoopGroupTests.Bench(ports: 44_550...44_559, browserPort: 44_440)
    bench.group.openRoom(RoomID(1), plan: RoomPlan())
    var browsers: [BrowserPeer] = []
    for number in 1...40 as ClosedRange<UInt64> {
      let browser = try BrowserPeer(
        try await bench.group.openLeg(LegID(number), in: RoomID(1), family: .v4, kind: .webRTC))
      bench.group.post(.setLegPlan(LegID(number), browser.plan), to: RoomID(1))
      browsers.append(browser)
    }
    func run(until isDone: (BrowserPeer) -> Bool) async throws {
      for beat in 0..<2_000 where !browsers.allSatisfy(isDone) {
        for browser in browsers {
          if beat % 20 == 0, !browser.isAnswered { browser.check() }
          try browser.run()
        }
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    for browser in browsers {
      browser.check()
      browser.hold()
    }
    try await run(until: \.isAnswered)
    for browser in browsers { browser.release() }
    try await run(until: \.hasKeys)
    #expect(browsers.count(where: \.hasKeys) == 40)
    await bench.group.shutDown()
    let statistics = try #require(bench.group.statistics.first)
    #expect(statistics.handshakesPostponed > 0 && statistics.handshakesRefused == 0)
  }

  /// What is no check ends its connection at once; others go on.
  @Test(arguments: [Array("GET / HTTP/1.1\r\n\r\n".utf8), [0xFF, 0xFF, 0], [0, 4, 1, 2, 3, 4]])
  func aStrangersRubbishEndsItsConnection(_ rubbish: [UInt8]) async throws {
    let port = UInt16(44_430 + rubbish.count)
    let bench = try LoopGroupTests.Bench(ports: 44_540...44_549, browserPort: port)
    let stranger = try StreamPeer(TransportAddress(.loopbackV4, port: port))
    stranger.write(rubbish)
    for _ in 0..<2_000 where !stranger.isClosed {
      _ = try stranger.receive()
      try await Task.sleep(for: .milliseconds(5))
    }
    #expect(stranger.isClosed)
    await bench.group.shutDown()
  }

  @Test(arguments: [IPAddress.loopbackV4, .loopbackV6])
  func aPortThatAnotherProcessHasIsToldForEitherFamily(_ address: IPAddress) throws {
    let blocker = try Peer(TransportAddress(address, port: 44_450))
    let error = #expect(throws: SystemError.self) {
      _ = try LoopGroupTests.Bench(ports: 44_560...44_569, browserPort: 44_450)
    }
    #expect(error?.isAddressInUse == true)
    withExtendedLifetime(blocker) {}
  }

  @Test func eachBrowserHasItsOwnCredentialsAndTheOneFingerprint() async throws {
    let bench = try LoopGroupTests.Bench(ports: 44_300...44_319)
    bench.group.openRoom(RoomID(1), plan: RoomPlan())
    let first = try await bench.group.openLeg(LegID(1), in: RoomID(1), family: .v4, kind: .webRTC)
    let second = try await bench.group.openLeg(LegID(2), in: RoomID(1), family: .v4, kind: .webRTC)
    let phone = try await bench.group.openLeg(LegID(3), in: RoomID(1), family: .v4)
    #expect(first.ice != nil && first.ice != second.ice)
    #expect(first.fingerprint != nil && first.fingerprint == second.fingerprint)
    #expect(phone.ice == nil && phone.fingerprint == nil)
    await bench.group.shutDown()
  }
}

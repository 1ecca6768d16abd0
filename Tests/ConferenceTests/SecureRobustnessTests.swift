import Codecs
import Conference
import Primitives
import SecureRTP
import TestSupport
import Testing

/// What strangers, and who can forge the browser's own address, send to a protected leg costs only itself.
@Suite struct SecureRobustnessTests {
  /// Datagrams as they come, with a few octets changed, cut or doubled.
  private struct Mutator {
    var random: RandomSource
    var seeds: [[UInt8]]

    mutating func next() -> [UInt8] {
      var octets = seeds[random.inside(0...seeds.count - 1)]
      for _ in 0..<random.inside(1...4) where !octets.isEmpty {
        let place = random.inside(0...octets.count - 1)
        switch random.inside(0...5) {
        case 0: octets.removeLast(min(octets.count, place))
        case 1: octets += octets.prefix(place)
        case 2: octets.insert(UInt8(truncatingIfNeeded: random.next()), at: place)
        case 3: octets[place] = 0xFF
        default: octets[place] ^= UInt8(truncatingIfNeeded: random.next())
        }
      }
      if seeds.contains(octets) { octets.append(0) }
      return octets
    }
  }

  @Test(arguments: [1, 2, 3] as [UInt64])
  func brokenDatagramsDoNotEndTheCall(seed: UInt64) throws {
    var server = try Stage.Server()
    let stage = Stage(seed: seed)
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    let browser = try stage.joinBrowser(member, of: &server)
    let phone = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    #expect(browser.hasKeys)
    // A ClientHello of somebody, a check, a packet, a report, an alert and application data in the clear.
    var hello = try DTLSEndpoint(DTLSContext(server.certificate), role: .client)
    try hello.start(at: stage.now)
    var flight = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
    var count = 0
    do {
      var span = flight.mutableSpan
      count = hello.send(into: &span)
    }
    let packet = try #require(browser.protect(member.packet([UInt8](repeating: 0x80, count: 160))))
    member.sequence &+= 1
    let report = try #require(
      browser.protect([0x80, 201, 0, 1, 0x10, 0, 0, 1], isControl: true))
    let check = try #require(browser.sampleCheck)
    var mutator = Mutator(
      random: .seeded(seed),
      seeds: [
        Array(flight.prefix(count)), check, packet, report, [21, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 2, 2, 40],
        [23, 254, 253, 0, 0, 0, 0, 0, 0, 0, 9, 0, 4, 1, 2, 3, 4],
      ])
    let stranger = TransportAddress(.v4(0x7F00_0009), port: 9)
    stage.clearEvents()
    stage.run(ticks: 100) { _ in
      for turn in 0..<20 {
        stage.inject(mutator.next(), to: member.leg, from: turn % 2 == 0 ? member.address : stranger)
      }
    }
    stage.run(seconds: 1.5)
    #expect(!stage.has { if case .legFailed = $0 { true } else { false } })
    #expect(!stage.has { if case .mediaEnded = $0 { true } else { false } })
    #expect(member.level(of: 713) > -18.5)
    #expect(phone.level(of: 1_471) > -18.5)
    #expect(browser.rejected == 0)
    #expect(stage.strays.isEmpty)
  }

  @Test func aClientHelloFromAnAddressThatHasNotProvedItselfGetsNoAnswer() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    try stage.joinBrowser(member, of: &server).consents = false
    var hello = try DTLSEndpoint(DTLSContext(server.certificate), role: .client)
    try hello.start(at: stage.now)
    var flight = [UInt8](repeating: 0, count: DTLSEndpoint.mtu)
    var count = 0
    do {
      var span = flight.mutableSpan
      count = hello.send(into: &span)
    }
    #expect(count > 0)
    for _ in 0..<50 {
      stage.inject(Array(flight.prefix(count)), to: member.leg, from: member.address)
      stage.run(ticks: 1)
    }
    #expect(stage.datagramsOut == 0)
    #expect(stage.statistics(of: member).packetsRejected == 50)
  }
}

import Primitives
import RTP
import Testing

/// How the buffer behaves on networks of known kinds, in virtual time.
@Suite struct JitterBufferTests {
  static func seconds(_ value: Double) -> Instant { Instant(nanoseconds: Int64(value * 1e9)) }

  static func uniform(_ random: inout RandomSource) -> Double { Double(random.next() >> 11) / 9_007_199_254_740_992 }

  @Test(arguments: [0.5, 4.0, 7.0, 13.0, 19.5]) func aNetworkWithoutJitterCostsAtMostOnePacket(phase: Double) {
    for scales in [true, false] {
      var simulation = PlayoutSimulation()
      simulation.scales = scales
      simulation.send(3_000) { _ in 30 }
      simulation.run(until: Self.seconds(59), phase: phase + 30)
      #expect((simulation.delays(after: Self.seconds(2)).max() ?? 99) <= 20)
      #expect(simulation.lost() == 0)
      #expect(simulation.buffer.targetDelay == 20)
      #expect(simulation.packetsPlayed(after: Self.seconds(2)) >= 2_840)
    }
  }

  @Test(arguments: 1...8) func sixtyMillisecondsOfJitterLoseLessThanOnePercentAfterTwoSeconds(seed: Int) {
    for scales in [true, false] {
      var random = RandomSource.seeded(UInt64(seed))
      var simulation = PlayoutSimulation()
      simulation.scales = scales
      simulation.send(6_000) { _ in 20 + 60 * Self.uniform(&random) }
      simulation.run(until: Self.seconds(119))
      let late = simulation.late.count { $0 >= Self.seconds(2) }
      print(
        "seed \(seed) scales \(scales): late \(late), lost \(simulation.lost(after: Self.seconds(2))), early late \(simulation.late.count - late), waits \(simulation.waits()), target \(simulation.buffer.targetDelay), delay \(simulation.delays(after: Self.seconds(60)).reduce(0, +) / 3000)"
      )
      #expect(late < 59)
      #expect(simulation.lost(after: Self.seconds(2)) < 59)
      #expect((simulation.delays(after: Self.seconds(10)).max() ?? 999) <= 110)
    }
  }

  @Test(arguments: [0, 30.0]) func everyLossIsToldAndItsNeighbourIfPresent(jitter: Double) {
    var random = RandomSource.seeded(7)
    var dropped: Set<Int> = []
    var simulation = PlayoutSimulation()
    simulation.send(3_000) { index in
      let way = jitter * Self.uniform(&random)
      if index > 100, Self.uniform(&random) < 0.05 {
        dropped.insert(index)
        return nil
      }
      return way
    }
    simulation.run(until: Self.seconds(59.9), phase: 5)
    let lost = simulation.lost()
    #expect(abs(lost - dropped.count) <= 3 + simulation.late.count)
    #expect(simulation.sequences() == simulation.sequences().sorted())
    var withNeighbour = 0
    for step in simulation.steps {
      guard case .lost(let next?) = step.playout else { continue }
      withNeighbour += 1
      #expect(!dropped.contains(Int(next.sequence) - 1_000))
      #expect(dropped.contains(Int(next.sequence) - 1_001) || !simulation.late.isEmpty)
    }
    // With the delay that jitter needs, the packet after a lost one has nearly always come.
    print(
      "loss jitter \(jitter): dropped \(dropped.count) lost \(lost) with next \(withNeighbour) waits \(simulation.waits()) late \(simulation.late.count)"
    )
    if jitter > 0 { #expect(withNeighbour > lost * 3 / 4) }
  }

  @Test func pausesOfTheSenderAreGapsAndNoConcealmentBursts() {
    var simulation = PlayoutSimulation()
    // Ten spurts of 1 s with pauses of 1.5 s.
    for spurt in 0..<10 {
      simulation.send(
        50, from: Self.seconds(Double(spurt) * 2.5), sequence: 1_000 + Int64(spurt) * 50,
        timestamp: 5_000 + Int64(spurt) * 20_000, marker: true
      ) { _ in 10 }
    }
    simulation.run(until: Self.seconds(25))
    #expect(simulation.packetsPlayed() == 500)
    #expect(simulation.lost() <= 3 + 9, "one packet a pause once the sender is known to pause")
    #expect(simulation.gaps() > 700)
    #expect(simulation.late.isEmpty)
    #expect((simulation.delays(after: .zero).max() ?? 99) <= 20)
  }

  @Test func aComfortNoisePacketMeansThatNothingFollows() {
    var simulation = PlayoutSimulation()
    simulation.send(50) { _ in 10 }
    simulation.packets.append(
      PlayoutSimulation.Packet(
        arrival: Self.seconds(1.01), sequence: 1_050, timestamp: 5_000 + 50 * 160, payloadType: 13, size: 1))
    simulation.run(until: Self.seconds(3))
    #expect(simulation.lost() == 0)
    #expect(simulation.gaps() > 90)
  }

  @Test func aLossAtTheEndOfASpurtAndAPauseAreToldApartLater() {
    var simulation = PlayoutSimulation()
    simulation.send(50) { $0 == 49 ? nil : 5 }
    simulation.send(50, from: Self.seconds(3), sequence: 1_050, timestamp: 5_000 + 24_000, marker: true) { _ in 5 }
    simulation.run(until: Self.seconds(4))
    #expect(simulation.packetsPlayed() == 99)
    #expect(simulation.lost() <= 3)
  }

  @Test func aJumpOfTheSequenceStartsAnew() {
    for jump in [-5_000, -150, 101, 150, 20_000] as [Int64] {
      var simulation = PlayoutSimulation()
      simulation.send(100) { _ in 10 }
      simulation.send(100, from: Self.seconds(2), sequence: 1_100 + jump, timestamp: 900_000) { _ in 10 }
      simulation.run(until: Self.seconds(4))
      #expect(simulation.resynchronised == 1)
      #expect(simulation.packetsPlayed() >= 195, "jump \(jump)")
      #expect(simulation.lost() <= 3)
      #expect((simulation.delays(after: Self.seconds(2)).max() ?? 99) <= 20)
    }
  }

  @Test func aNewSourceStartsAnewAfterReset() {
    var simulation = PlayoutSimulation()
    simulation.send(100) { _ in 10 }
    simulation.run(until: Self.seconds(2))
    simulation.buffer.reset()
    simulation.packets = []
    simulation.steps = []
    simulation.send(100, sequence: 40, timestamp: 12) { _ in 10 }
    simulation.run(until: Self.seconds(2))
    #expect(simulation.packetsPlayed() >= 98)
    #expect(simulation.lost() == 0)
  }

  @Test(arguments: [0.999_8, 1.000_2]) func driftOfTheSendersClockIsFollowed(rate: Double) {
    var random = RandomSource.seeded(3)
    var simulation = PlayoutSimulation()
    simulation.send(30_000, senderRate: rate) { _ in 5 * Self.uniform(&random) }
    simulation.run(until: Self.seconds(598))
    let played = simulation.packetsPlayed()
    print(
      "drift \(rate): played \(played) late \(simulation.late.count) lost \(simulation.lost()) waits \(simulation.waits()) max \(simulation.delays(after: Self.seconds(5)).max() ?? 0)"
    )
    #expect(simulation.late.count < 30)
    #expect(simulation.lost() < 40)
    #expect((simulation.delays(after: Self.seconds(5)).max() ?? 99) < 60)
  }

  @Test func aStallIsForgottenAndItsDelayGivenBack() {
    var simulation = PlayoutSimulation()
    // From 3.0 to 3.3 s nothing comes, then everything at once.
    simulation.send(1_000) { (150..<165).contains($0) ? 10 + Double(165 - $0) * 20 : 10 }
    simulation.run(until: Self.seconds(19.9))
    #expect(simulation.lost() <= 4)
    #expect((simulation.delays(after: Self.seconds(3.3)).max() ?? 999) <= 241)
    #expect((simulation.delays(after: Self.seconds(6)).max() ?? 99) <= 30)
    #expect(simulation.packetsPlayed() > 985)
  }

  @Test func aSlowerRouteIsFollowedAndTheDelayFallsAgain() {
    var simulation = PlayoutSimulation()
    simulation.send(2_000) { $0 < 300 ? 10 : 70 }
    simulation.run(until: Self.seconds(39.9))
    print(
      "route: lost \(simulation.lost()) late \(simulation.late.count) waits \(simulation.waits()) max \(simulation.delays(after: Self.seconds(25)).max() ?? 0)"
    )
    #expect(simulation.lost() + simulation.late.count <= 12)
    #expect((simulation.delays(after: Self.seconds(25)).max() ?? 99) <= 24)
  }

  @Test func keysInTheStreamAreNoLoss() {
    var simulation = PlayoutSimulation()
    simulation.send(50) { _ in 10 }
    simulation.send(50, from: Self.seconds(1.2), sequence: 1_060, timestamp: 5_000 + 60 * 160) { _ in 10 }
    // Ten event packets take the place of audio.
    for index in 0..<10 {
      simulation.packets.append(
        PlayoutSimulation.Packet(
          arrival: Self.seconds(1.01 + Double(index) * 0.02), sequence: 1_050 + Int64(index), timestamp: 13_000,
          isEvent: true))
    }
    simulation.run(until: Self.seconds(2.2))
    #expect(simulation.lost() == 0)
    #expect(simulation.packetsPlayed() >= 98)
  }

  @Test func longerPacketsThanDeclaredAreLearned() {
    var simulation = PlayoutSimulation()
    simulation.packetTicks = 320
    simulation.send(500) { $0 % 20 == 19 ? nil : 10 }
    simulation.run(until: Self.seconds(20))
    #expect(simulation.packetsPlayed() == 475)
    #expect((23...26).contains(simulation.lost()))
    #expect(simulation.gaps() == 0)
  }

  @Test func duplicatesAreCountedAndNotPlayed() {
    var simulation = PlayoutSimulation()
    simulation.send(200) { _ in 10 }
    simulation.send(200) { $0 % 3 == 0 ? 11 : ($0 % 3 == 1 ? 40 : nil) }
    simulation.run(until: Self.seconds(4.1))
    #expect(simulation.packetsPlayed() == 200)
    #expect(simulation.buffer.duplicateCount == 134)
    #expect(simulation.late.isEmpty)
  }

  @Test func reorderingWithinTheDelayIsPutInOrder() {
    var simulation = PlayoutSimulation()
    simulation.send(1_000) { $0 % 2 == 0 ? 45 : 10 }
    simulation.run(until: Self.seconds(19.9))
    #expect(simulation.sequences() == simulation.sequences().sorted())
    #expect(simulation.late.count { $0 > Self.seconds(2) } == 0)
    #expect(simulation.lost(after: Self.seconds(2)) == 0)
  }

  @Test func payloadsComeOutAsTheyWentIn() {
    var buffer = JitterBuffer(configuration: JitterBuffer.Configuration(clockRate: 48_000))
    for (index, size) in [3, 160, 1_920, 0, 193].enumerated() {
      let payload = (0..<size).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ index) }
      let outcome = buffer.insert(
        sequence: Int64(index), timestamp: Int64(index) * 960, payloadType: 111, marker: false, payload: payload.span,
        at: .zero)
      #expect(outcome == .queued)
    }
    for (index, size) in [3, 160, 1_920, 0, 193].enumerated() {
      guard case .packet(let slot) = buffer.next(at: Instant.zero.advanced(byMilliseconds: Int64(index) * 20)) else {
        Issue.record("packet \(index) is missing")
        continue
      }
      let payload = buffer.payload(of: slot)
      #expect(payload.count == size)
      for offset in 0..<payload.count { #expect(payload[offset] == UInt8(truncatingIfNeeded: offset &* 7 &+ index)) }
    }
    let long = [UInt8](repeating: 0, count: 1_921)
    let refused = buffer.insert(
      sequence: 5, timestamp: 4_800, payloadType: 111, marker: false, payload: long.span, at: .zero)
    #expect(refused == .overflow(resynchronised: false))
  }

  @Test(arguments: 1...20) func nothingThatComesCanBreakIt(seed: Int) {
    var random = RandomSource.seeded(UInt64(seed) &* 977)
    var buffer = JitterBuffer(
      configuration: JitterBuffer.Configuration(clockRate: [8_000, 48_000, 1, 44_100][seed % 4]))
    var now = Instant.zero
    var sequence: Int64 = 0
    var timestamp: Int64 = 0
    let payload = [UInt8](repeating: 1, count: 1_600)
    for _ in 0..<20_000 {
      let dice = random.next()
      switch dice % 16 {
      case 0: sequence = Int64(bitPattern: random.next()) >> Int64(dice >> 8 & 63)
      case 1: timestamp = Int64(bitPattern: random.next()) >> Int64(dice >> 8 & 63)
      case 2: sequence &-= Int64(dice >> 8 & 127)
      case 3: now = now.advanced(byMilliseconds: Int64(dice >> 8 & 0xFFF))
      case 4: buffer.skip(sequence: sequence)
      case 5: buffer.played(ticks: Int64(bitPattern: random.next()))
      case 6: if dice >> 8 & 63 == 0 { buffer.reset() }
      case 7: buffer.queuedTicks = Int64(dice >> 8 & 0xFFFF)
      default: break
      }
      sequence &+= 1
      timestamp &+= 160
      _ = buffer.insert(
        sequence: sequence, timestamp: timestamp, payloadType: UInt8(dice & 127), marker: dice & 128 != 0,
        payload: payload.span.extracting(0..<Int(dice >> 16 & 0x3FF)), at: now)
      now = now.advanced(byMilliseconds: 20)
      if dice >> 4 & 3 != 0 {
        switch buffer.next(at: now) {
        case .packet(let slot): #expect(buffer.payload(of: slot).count == slot.count)
        case .lost(let next?): #expect(buffer.payload(of: next).count == next.count)
        case .lost(nil), .gap, .waiting: break
        }
      }
    }
  }
}

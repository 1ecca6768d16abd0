import CAllocations
import CVirtualTime
import Codecs
import Conference
import Primitives
import SecureRTP
import Testing

/// Protection takes no memory per packet either.
@Suite struct SecureAllocationTests {
  /// Packets of a member made beforehand, protected.
  private func packets(of member: VirtualMember, count: Int) -> [[UInt8]] {
    var packets: [[UInt8]] = []
    packets.reserveCapacity(count)
    for _ in 0..<count {
      let plain = member.packet([UInt8](repeating: 0x80, count: 160))
      member.sequence &+= 1
      member.timestamp &+= 160
      if let packet = member.protect(plain) { packets.append(packet) }
    }
    return packets
  }

  private func take(_ packet: [UInt8], slot: Int, from source: TransportAddress, of stage: Stage, at now: Instant) {
    stage.room.receive(packet.span, channel: .rtp, slot: slot, from: source, at: now)
  }

  @Test(arguments: [LegKind.plain, .webRTC])
  func aWarmProtectedLegTakesNoMemory(kind: LegKind) throws {
    var server = try Stage.Server()
    let stage = Stage()
    let members = [VirtualMember(1, .pcmu, voice: Sound.tone(1_471)), VirtualMember(2, .pcmu)]
    for member in members {
      switch kind {
      case .plain:
        member.shield = try SDESShield(.aeadAES128GCM, seed: member.leg.rawValue)
        member.plan.security = try #require(member.shield?.security)
        stage.join(member)
      case .webRTC: try stage.joinBrowser(member, of: &server)
      }
    }
    stage.run(seconds: 2)
    defer { trialogue_set_virtual_time(-1) }
    let rounds = 200
    let first = packets(of: members[0], count: rounds)
    let second = packets(of: members[1], count: rounds)
    let slots = members.map { stage.room.slot(of: $0.leg) ?? 0 }
    let addresses = members.map(\.address)
    var queue = DatagramQueue()
    var now = stage.now
    let before = members.map { stage.statistics(of: $0) }
    var allocatingRounds = 0
    var sent = 0
    for round in 0..<rounds {
      now = now.advanced(byMilliseconds: 20)
      let start = trialogue_allocations()
      take(first[round], slot: slots[0], from: addresses[0], of: stage, at: now)
      take(second[round], slot: slots[1], from: addresses[1], of: stage, at: now)
      stage.room.tick(at: now, into: &queue)
      let taken = trialogue_allocations() - start
      // What is longer or shorter than the audio is a report, and may take memory.
      var isAudio = true
      for entry in queue.entries where entry.count != 188 { isAudio = false }
      if taken > 0, isAudio { allocatingRounds += 1 }
      sent += queue.count
      queue.removeAll()
    }
    #expect(sent >= rounds * 2)
    for (member, former) in zip(members, before) {
      let statistics = stage.statistics(of: member)
      #expect(statistics.packetsReceived - former.packetsReceived == UInt64(rounds))
    }
    // Sanitizers bring their own allocator, which cannot be counted.
    guard trialogue_allocations() >= 0 else { return }
    #if !DEBUG
      // Debug builds take memory for accesses in place. A talker and its listeners change encoders once or twice.
      #expect(allocatingRounds <= 2, "\(allocatingRounds) rounds")
    #endif
  }
}

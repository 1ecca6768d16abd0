import RTP
import Codecs
import Conference
import Primitives
import Testing

/// Symmetric RTP, foreign sources, amplification.
@Suite struct SourceTests {
  private func foreign(_ host: UInt32, port: UInt16 = 9_999) -> TransportAddress {
    TransportAddress(.v4(0x7F00_0000 | host), port: port)
  }

  @Test func aPeerBehindANATIsLearnedOnce() {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    // The SDP names a private address.
    member.plan.remote = TransportAddress(.v4(0xC0A8_0105), port: 4_000)
    stage.join(member)
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 2)
    #expect(abs(member.level(of: 713) + 17) < 1.5)
    #expect(stage.strays.values.reduce(0, +) <= 5)
  }

  @Test func aLegSendsAsTheSourceThatTheDescriptionSays() {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    member.plan.source = AudioPlan.Source(ssrc: 0xABCD, canonicalName: "us")
    stage.join(member)
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    // A later plan changes nothing: numbers go on.
    member.plan.source = AudioPlan.Source(ssrc: 0xEF, canonicalName: "them")
    stage.agree(member)
    stage.run(seconds: 1)
    #expect(Set(member.heard.packets.map(\.ssrc)) == [0xABCD])
  }

  @Test func fromThenOnNobodyElseIsHeardOrSentTo() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu))
    let listener = stage.join(VirtualMember(2, .l16(8_000), voice: Sound.tone(713)))
    stage.run(seconds: 1)
    let intruder = VirtualMember(77, .pcmu, voice: Sound.tone(1_471))
    intruder.address = foreign(9)
    var injected = 0
    stage.run(ticks: 200) { tick in
      // In turn its own source and a copy of the member's.
      intruder.ssrc = tick % 2 == 0 ? 0x666 : member.ssrc
      let octets = (0..<160).map { G711.ulaw(Int16(8_000 * (($0 / 5) % 2 == 0 ? 1 : -1))) }
      stage.inject(intruder.packet(octets), to: member.leg, from: intruder.address)
      injected += 1
    }
    #expect(stage.strays.isEmpty)
    #expect(Sound.peak(listener.heard.last(3)) == 0)
    #expect(member.level(of: 713) > -18)
    #expect(stage.statistics(of: member).packetsRejected == UInt64(injected))
  }

  @Test func aForeignHostMustNotBeFirstEither() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu))
    member.isSending = false
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    // Two stray packets from elsewhere: too few to be learned.
    for _ in 0..<2 {
      stage.inject(member.packet(Array(repeating: 0x80, count: 160)), to: member.leg, from: foreign(9))
      member.sequence &+= 1
    }
    stage.run(seconds: 1)
    member.isSending = true
    stage.run(seconds: 1.5)
    #expect(stage.strays.isEmpty)
    #expect(abs(member.level(of: 713) + 17) < 1.5)
  }

  @Test func anOtherAddressInANewSDPIsLearnedAnew() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu))
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1.5)
    let former = member.address
    member.address = TransportAddress(.v4(0x0A00_0055), port: 7_000)
    member.plan.remote = member.address
    stage.agree(member)
    stage.run(seconds: 1.5)
    #expect(stage.strays[former] == nil)
    #expect(member.level(of: 713) > -18)
    #expect(member.heard.sequenceBreaks == 0)
  }

  @Test func anAddressThatHasNotProvedItselfGetsFivePacketsAndAFewProbes() {
    let stage = Stage()
    let victim = stage.join(VirtualMember(1, .pcmu), admitted: false)
    victim.isSending = false
    stage.apply(.play(PlayTests.tone(1, 713, seconds: 30, to: .member(victim.leg))))
    stage.run(seconds: 0.8)
    #expect(stage.datagramsOut == 5)
    stage.run(seconds: 60)
    #expect(stage.datagramsOut <= 15, "\(stage.datagramsOut)")
    // The first packet that comes proves it.
    victim.isSending = true
    stage.run(seconds: 0.1)
    let before = stage.datagramsOut
    stage.run(seconds: 1)
    #expect(stage.datagramsOut - before >= 50)
  }

  @Test func sprayedPortsAnswerNothing() {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    member.plan.remote = nil
    stage.join(member)
    member.isSending = false
    stage.run(ticks: 100) { tick in
      stage.inject(member.packet(Array(repeating: 0xFF, count: 160)), to: member.leg, from: foreign(UInt32(tick % 7)))
      member.sequence &+= 1
    }
    #expect(stage.datagramsOut == 0)
    #expect(stage.statistics(of: member).packetsRejected == 100)
  }
}

import Codecs
import Conference
import ICE
import Primitives
import RTP
import SecureRTP
import TestSupport
import Testing

/// Browsers and phones with SRTP as members of rooms, in virtual time.
@Suite struct SecureRoomTests {
  private func isConnected(_ stage: Stage, _ member: VirtualMember) -> Bool {
    stage.has { if case .legConnected(member.leg) = $0 { true } else { false } }
  }

  private func failures(_ stage: Stage, _ member: VirtualMember) -> [LegFailure] {
    stage.events.compactMap { if case .legFailed(member.leg, let failure) = $0 { failure } else { nil } }
  }

  @Test(arguments: 0..<4)
  func browsersAndAPhoneHearEachOtherOverALossyNetwork(seed: Int) throws {
    var server = try Stage.Server()
    let stage = Stage(seed: UInt64(seed + 1))
    stage.network.usual = VirtualNetwork.Conditions(delay: 20, jitter: 5, loss: 0.05)
    let first = VirtualMember(1, .opus, voice: Sound.tone(1_471))
    let second = VirtualMember(2, .opus, voice: Sound.tone(1_931))
    let phone = VirtualMember(3, .pcmu, voice: Sound.tone(713))
    for (member, role) in [(first, DTLSRole.client), (second, .server)] {
      try stage.joinBrowser(member, of: &server, role: role).loss = 0.05
    }
    stage.join(phone)
    stage.run(seconds: 5)
    for (listener, tones) in [
      (first, (713.0, 1_931.0, 1_471.0)), (second, (713, 1_471, 1_931)), (phone, (1_471, 1_931, 713)),
    ] {
      #expect(listener.level(of: tones.0) > -24, "\(listener.leg)")
      #expect(listener.level(of: tones.1) > -24, "\(listener.leg)")
      #expect(listener.level(of: tones.2) < -40, "\(listener.leg)")
    }
    for member in [first, second] {
      let browser = try #require(member.browser)
      #expect(isConnected(stage, member))
      #expect(failures(stage, member).isEmpty)
      #expect(browser.rejected == 0)
      #expect(member.reports.count > 0)
      stage.leave(member)
    }
    stage.run(seconds: 0.1)
    #expect(stage.count { if case .legClosed = $0 { true } else { false } } == 2)
  }

  @Test func aBrowserOfWhomSignallingKnowsNothingYetIsNotHeard() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .opus, voice: Sound.tone(1_471))
    // Our offer is not answered yet: ICE and DTLS may be done, but whose they are is not known.
    let credentials = ICECredentials(random: &server.random)
    let browser = try VirtualBrowser(
      at: member.address, remote: credentials, server: server.certificate.fingerprint, seed: 1)
    member.browser = browser
    stage.adopt(member)
    stage.room.addLeg(
      member.leg, access: WebRTCAccess(credentials: credentials, dtls: server.context), at: stage.now)
    stage.apply(.admit(member.leg))
    let phone = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    #expect(browser.hasKeys)
    #expect(!isConnected(stage, member))
    #expect(member.heard.packets.isEmpty)
    #expect(Sound.peak(phone.heard.last(0.5)) == 0)
    member.plan.security = .dtls(
      DTLSPlan(remoteCredentials: browser.local, fingerprints: [browser.certificate.fingerprint]))
    stage.agree(member)
    #expect(isConnected(stage, member))
    stage.run(seconds: 1.5)
    #expect(phone.level(of: 1_471) > -19)
    #expect(member.level(of: 713) > -19)
  }

  @Test func anotherCertificateThanAnnouncedGetsNoMediaEitherWay() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .opus, voice: Sound.tone(1_471))
    let other = try DTLSCertificate.selfSigned().fingerprint
    let browser = try stage.joinBrowser(member, of: &server, announced: [other])
    let phone = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 3)
    #expect(failures(stage, member) == [.fingerprint])
    #expect(!isConnected(stage, member))
    #expect(member.heard.packets.isEmpty)
    #expect(browser.rejected == 0 && browser.plainReceived == 0)
    #expect(Sound.peak(phone.heard.last(2)) == 0)
    #expect(stage.statistics(of: member).packetsReceived == 0)
  }

  @Test func aBrowserThatDoesNotConfirmIsSentNothingAfterHalfAMinute() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    let browser = try stage.joinBrowser(member, of: &server)
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 6)
    #expect(isConnected(stage, member))
    browser.consents = false
    let silent = stage.now
    stage.run(seconds: 25)
    #expect(failures(stage, member).isEmpty)
    stage.run(seconds: 6)
    #expect(failures(stage, member) == [.consentLost])
    let last = try #require(member.heard.packets.last)
    #expect(last.at.milliseconds(since: silent) <= 30_040)
    #expect(last.at.milliseconds(since: silent) > 25_000)
    stage.run(seconds: 2)
    #expect(member.heard.packets.last == last)
    // Begun anew, it is back.
    browser.consents = true
    stage.restart(member, at: member.address, of: &server)
    stage.run(seconds: 1)
    #expect(stage.count { if case .legConnected(member.leg) = $0 { true } else { false } } == 2)
    #expect(member.level(of: 713, last: 0.5) > -19)
  }

  @Test func withoutAWayTheLegFails() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu)
    try stage.joinBrowser(member, of: &server).consents = false
    stage.run(seconds: 31)
    #expect(failures(stage, member) == [.noWay])
  }

  @Test func aRestartFromAnotherAddressKeepsTheCall() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    try stage.joinBrowser(member, of: &server)
    let phone = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 2)
    let former = member.address
    let moved = TransportAddress(.v4(0x0A63_0001), port: 50_000)
    stage.restart(member, at: moved, of: &server)
    // The old network is gone.
    stage.network.conditions[former] = VirtualNetwork.Conditions(loss: 1)
    stage.run(seconds: 2)
    #expect(member.address == moved)
    let packets = member.heard.packets
    #expect(member.heard.sequenceBreaks <= 1)
    #expect(Set(packets.map(\.ssrc)).count == 1)
    let gap = zip(packets, packets.dropFirst()).map { $1.at.milliseconds(since: $0.at) }.max() ?? 0
    #expect(gap <= 100, "\(gap)")
    #expect(Sound.disturbance(phone.heard.last(1), tones: [1_471], rate: phone.heard.rate) < -40)
    #expect(phone.level(of: 1_471) > -18.5)
    #expect(stage.statistics(of: member).packetsLost <= 5)
    #expect(failures(stage, member).isEmpty)
    #expect(stage.count { if case .legConnected = $0 { true } else { false } } == 1)
  }

  @Test func plainPacketsReplaysAndForgeriesAreRefusedAndCounted() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    let browser = try stage.joinBrowser(member, of: &server)
    let phone = stage.join(VirtualMember(2, .l16(8_000)))
    stage.run(seconds: 1)
    member.isSending = false
    stage.run(seconds: 1)
    let before = stage.statistics(of: member)
    let loud = [UInt8](repeating: 0x80, count: 160)
    var wanted: UInt64 = 0
    var old: [[UInt8]] = []
    for step in 0..<20 {
      let plain = member.packet(loud)
      member.sequence &+= 1
      stage.inject(plain, to: member.leg, from: member.address)
      wanted += 1
      var forged = try #require(browser.protect(plain))
      if step % 2 == 0 {
        forged[forged.count - 1] ^= 1
        stage.inject(forged, to: member.leg, from: member.address)
        wanted += 1
      } else {
        old.append(forged)
      }
      // Not by DTLS, nor the second port.
      stage.inject([22, 254, 253, 0, 0], to: member.leg, from: TransportAddress(.v4(0x7F00_0009), port: 9))
      stage.inject(forged, to: member.leg, from: member.address, channel: .rtcp)
      wanted += 2
    }
    #expect(stage.statistics(of: member).packetsRejected - before.packetsRejected == wanted)
    #expect(stage.statistics(of: member).packetsReceived == before.packetsReceived)
    // Authentic, but from where nobody has proved to be.
    stage.inject(old[0], to: member.leg, from: TransportAddress(.v4(0x7F00_0009), port: 9))
    #expect(stage.statistics(of: member).packetsReceived == before.packetsReceived)
    for packet in old {
      stage.inject(packet, to: member.leg, from: member.address)
      stage.inject(packet, to: member.leg, from: member.address)
    }
    let after = stage.statistics(of: member)
    #expect(after.packetsReceived - before.packetsReceived == UInt64(old.count))
    #expect(after.packetsRejected - before.packetsRejected == wanted + 1 + UInt64(old.count))
    #expect(stage.strays.isEmpty)
    withExtendedLifetime(phone) {}
  }

  @Test func aPlainPacketToALegWithoutKeysIsRefusedAndNothingIsSentToIt() throws {
    let server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    var random = RandomSource.seeded(3)
    stage.room.addLeg(
      member.leg, access: WebRTCAccess(credentials: ICECredentials(random: &random), dtls: server.context),
      at: stage.now)
    stage.adopt(member)
    // Signalling agrees to plain RTP all the same: the leg does not.
    stage.agree(member)
    stage.apply(.admit(member.leg))
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 2)
    #expect(failures(stage, member) == [.mismatch])
    #expect(member.heard.packets.isEmpty && member.reports.isEmpty)
    #expect(stage.statistics(of: member).packetsReceived == 0)
    #expect(stage.statistics(of: member).packetsRejected == UInt64(member.sent))
  }

  @Test(arguments: SRTPProfile.allCases)
  func phonesWithKeysInTheirDescriptionsTalk(profile: SRTPProfile) throws {
    let stage = Stage()
    let first = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    let second = VirtualMember(2, .g722, voice: Sound.tone(713))
    for member in [first, second] {
      let shield = try SDESShield(profile, seed: member.leg.rawValue)
      member.shield = shield
      member.plan.security = shield.security
      stage.join(member)
    }
    // Its roll-over counter goes up.
    first.sequence = 65_500
    stage.run(seconds: 4)
    // The same keys again: a context that began anew would use its key stream twice, and the peer would hear nothing.
    stage.agree(first)
    stage.run(seconds: 2)
    #expect(first.level(of: 713) > -18.5)
    #expect(second.level(of: 1_471) > -18.5)
    #expect(first.shield?.rejected == 0 && second.shield?.rejected == 0)
    #expect(stage.statistics(of: first).packetsReceived == UInt64(first.sent))
    #expect(stage.statistics(of: first).packetsRejected == 0)
    stage.inject(first.packet([UInt8](repeating: 0x80, count: 160)), to: first.leg, from: first.address)
    #expect(stage.statistics(of: first).packetsRejected == 1)
  }

  @Test func newKeysOfADescriptionTakeThePlaceOfTheOldOnes() throws {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    member.shield = try SDESShield(.aes128CMSHA1Tag80, seed: 1)
    member.plan.security = try #require(member.shield?.security)
    stage.join(member)
    let phone = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    member.shield = try SDESShield(.aeadAES128GCM, seed: 2)
    member.plan.security = try #require(member.shield?.security)
    stage.agree(member)
    stage.run(seconds: 2)
    #expect(member.level(of: 713) > -18.5)
    #expect(phone.level(of: 1_471) > -18.5)
    #expect(member.heard.sequenceBreaks == 0)
  }

  @Test func aDescriptionWithoutKeysTakesNoneAway() throws {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    member.shield = try SDESShield(.aes128CMSHA1Tag80, seed: 1)
    member.plan.security = try #require(member.shield?.security)
    stage.join(member)
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    member.plan.security = .none
    stage.agree(member)
    stage.run(seconds: 2)
    #expect(failures(stage, member) == [.mismatch])
    // What is sent still opens with the keys.
    #expect(member.level(of: 713) > -18.5)
    stage.inject(member.packet([UInt8](repeating: 0x80, count: 160)), to: member.leg, from: member.address)
    #expect(stage.statistics(of: member).packetsRejected == 1)
  }

  @Test func aBrowserGoesToAnotherRoomWithItsKeys() throws {
    var server = try Stage.Server()
    let first = Stage(seed: 1)
    let second = Stage(seed: 2)
    let member = VirtualMember(1, .opus, voice: Sound.tone(1_471))
    try first.joinBrowser(member, of: &server)
    let there = second.join(VirtualMember(3, .pcmu, voice: Sound.tone(1_931)))
    first.run(seconds: 2)
    second.run(seconds: 2)
    guard let leg = first.room.extractLeg(member.leg, at: first.now) else {
      Issue.record("no leg")
      return
    }
    first.forget(member)
    second.adopt(member)
    second.room.insertLeg(leg, at: second.now)
    second.run(seconds: 2)
    #expect(there.level(of: 1_471) > -19)
    #expect(member.level(of: 1_931) > -19)
    #expect(member.heard.sequenceBreaks == 0)
    #expect(member.browser?.rejected == 0)
  }

  @Test func theEndOfDTLSEndsTheMedia() throws {
    var server = try Stage.Server()
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Sound.tone(1_471))
    let browser = try stage.joinBrowser(member, of: &server)
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    browser.close()
    stage.run(seconds: 0.2)
    #expect(stage.has { if case .mediaEnded(member.leg) = $0 { true } else { false } })
    let count = member.heard.packets.count
    stage.run(seconds: 1)
    #expect(member.heard.packets.count == count)
  }
}

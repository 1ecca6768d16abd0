import RTP
import Audio
import Codecs
import Conference
import Testing

/// Mute, deaf, mask, gains and hold.
@Suite struct RestrictionTests {
  @Test func aMutedMemberIsNotHeardAndHears() {
    let stage = Stage()
    let muted = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let other = stage.join(VirtualMember(2, .l16(8_000), voice: Sound.tone(1_471)))
    stage.run(seconds: 1.5)
    #expect(other.level(of: 713, last: 0.5) > -20)
    stage.apply(.setMuted(muted.leg, true))
    stage.run(seconds: 1.5)
    #expect(other.level(of: 713) < -90)
    #expect(muted.level(of: 1_471) > -20)
    stage.apply(.setMuted(muted.leg, false))
    stage.run(seconds: 1.5)
    #expect(other.level(of: 713) > -20)
    let all = Sound.roughness(other.heard.samples[2_000...])
    let steady = Sound.roughness(other.heard.last(0.5))
    #expect(all < steady * 12 / 10 + 20, "\(all) against \(steady)")
  }

  @Test func aDeafMemberHearsAnnouncementsOnlyAndIsHeard() {
    let stage = Stage()
    let deaf = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let other = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(1_471)))
    stage.apply(.setDeaf(deaf.leg, true))
    stage.apply(.play(PlayTests.tone(1, 1_931, seconds: 2, to: .everyone)))
    stage.run(seconds: 1.5)
    #expect(deaf.level(of: 1_471) < -60)
    #expect(deaf.level(of: 1_931) > -20)
    #expect(other.level(of: 713) > -33)
  }

  @Test func nobodyAndNoFileHearsAMaskedMember() throws {
    let stage = Stage()
    let masked = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let other = stage.join(VirtualMember(2, .l16(8_000), voice: Sound.tone(1_471)))
    let recording = RecordingID("a")
    stage.apply(.startRecording(RecordingPlan(id: recording, directory: "d", tracks: true, sampleRate: 8_000)))
    stage.run(seconds: 1)
    stage.apply(.setMasked(masked.leg, true))
    stage.run(seconds: 2)
    #expect(other.level(of: 713) < -90)
    #expect(masked.level(of: 1_471) > -20)
    stage.apply(.stopRecording(recording))
    let mix = try stage.files.wave(recording)
    let track = try stage.files.wave(recording, name: "1.wav")
    for clip in [mix, track] {
      #expect(Sound.level(of: 713, in: clip.samples[2_000..<7_800], rate: 8_000) > -20)
      #expect(Sound.level(of: 713, in: clip.samples[8_200...], rate: 8_000) < -80)
    }
    #expect(track.samples.count == mix.samples.count)
  }

  @Test func talkingGainIsHeardByTheOthersAndListeningGainByOneself() {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .l16(16_000), voice: Sound.tone(713, level: -20)))
    let first = stage.join(VirtualMember(2, .l16(16_000)))
    let second = stage.join(VirtualMember(3, .l16(16_000)))
    stage.run(seconds: 3)
    let usual = first.level(of: 713)
    let calm = Sound.roughness(first.heard.last(1))
    for step in 1...4 {
      stage.apply(.setListeningGain(first.leg, -3 * Double(step)))
      stage.run(seconds: 0.3)
    }
    stage.run(seconds: 1)
    #expect(abs(first.level(of: 713) - usual + 12) < 0.5)
    #expect(abs(second.level(of: 713) - usual) < 0.5)
    for step in 1...2 {
      stage.apply(.setTalkingGain(talker.leg, 3 * Double(step)))
      stage.run(seconds: 0.3)
    }
    stage.run(seconds: 1)
    #expect(abs(second.level(of: 713) - usual - 6) < 0.5)
    // No step: the tone's own curvature bounds everything, louder by 6 dB at the second listener's end.
    for (listener, factor) in [(first, 1.0), (second, 2.0)] {
      let worst = Sound.roughness(listener.heard.samples[32_000...])
      #expect(Double(worst) < Double(calm) * factor * 1.1 + 10, "\(worst) against \(calm)")
    }
  }

  @Test func aMemberWhoHoldsUsHearsNothingAndGoesOnAfterwards() {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let holder = stage.join(VirtualMember(2, .opus, voice: Sound.tone(1_471)))
    stage.run(seconds: 2)
    holder.plan.direction = .inactive
    holder.isSending = false
    stage.agree(holder)
    let packets = holder.heard.packets.count
    stage.run(seconds: 20)
    #expect(holder.heard.packets.count == packets)
    #expect(talker.level(of: 1_471) < -60)
    #expect(!stage.has { if case .mediaInactive(holder.leg) = $0 { true } else { false } })
    holder.plan.direction = .sendReceive
    holder.isSending = true
    stage.agree(holder)
    stage.run(seconds: 2)
    #expect(abs(holder.level(of: 713) + 17) < 2)
    #expect(abs(talker.level(of: 1_471) + 17) < 2)
    #expect(holder.heard.sequenceBreaks == 0)
    guard packets < holder.heard.packets.count else { return }
    let resumed = holder.heard.packets[packets]
    #expect(resumed.marker)
    let elapsed = Double(resumed.timestamp &- holder.heard.packets[packets - 1].timestamp) / 48_000
    #expect(abs(elapsed - 20.02) < 0.1, "\(elapsed)")
  }

  @Test func directionsAreKeptOneByOne() {
    let stage = Stage()
    let first = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let second = VirtualMember(2, .pcmu, voice: Sound.tone(1_471))
    second.plan.direction = .sendOnly
    stage.join(second)
    stage.run(seconds: 2)
    // It has never been heard from, and packets that it must not send prove nothing.
    #expect(second.heard.packets.count == 5 + 1)
    #expect(first.level(of: 1_471) < -60)
    second.plan.direction = .receiveOnly
    stage.agree(second)
    let packets = second.heard.packets.count
    stage.run(seconds: 2)
    #expect(second.heard.packets.count == packets)
    #expect(abs(first.level(of: 1_471) + 17) < 2)
    second.plan.direction = .sendReceive
    stage.agree(second)
    stage.run(seconds: 2)
    #expect(abs(second.level(of: 713) + 17) < 2)
  }
}

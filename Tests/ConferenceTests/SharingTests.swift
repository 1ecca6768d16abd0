import Codecs
import Primitives
import Testing

@testable import Conference

/// One encoding for all who hear the same; forks and returns that nobody hears.
@Suite struct SharingTests {
  @Test(arguments: [CodecFormat.opus, .pcmu])
  func fiftyListenersAndThreeTalkersTakeFourEncodings(format: CodecFormat) {
    let stage = Stage()
    for index in 0..<3 {
      stage.join(VirtualMember(index + 1, format, voice: Sound.tone(MixTests.tones[index]), phase: Double(index) * 5))
    }
    for index in 0..<50 { stage.join(VirtualMember(index + 10, format, phase: Double(index % 20))) }
    stage.run(seconds: 1)
    #expect(stage.encodings.dropFirst(20).allSatisfy { $0 == 4 }, "\(stage.encodings)")
    #expect(stage.decodings.dropFirst(40).allSatisfy { $0 <= (format == .pcmu ? 3 : 7) }, "\(stage.decodings)")
    let payloads = Set(stage.members.dropFirst(3).map { $0.heard.packets.count })
    #expect(payloads.count == 1)
  }

  @Test func listenersOfSeveralCodecsShareByCodecAndPacketTime() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(425)))
    for index in 0..<12 {
      let member = VirtualMember(10 + index, index % 2 == 0 ? .pcmu : .g722)
      if index >= 8 { member.plan.packetTime = 40 }
      stage.join(member)
    }
    stage.run(seconds: 1)
    // The talker's own; PCMU and G.722 at 20 ms every tick, at 40 ms every second tick.
    #expect(Set(stage.encodings.dropFirst(30)) == [3, 5])
  }

  /// A member speaks for a second amid others who speak with pauses: what it hears of them goes on without a seam, there
  /// and back again.
  @Test(arguments: [CodecFormat.opus, .g722])
  func whoStartsAndStopsTalkingHearsNoSeam(format: CodecFormat) {
    // What a member with an encoder of its own from the start hears (its gain differs by a hundredth of a decibel).
    let reference = listen(format, isApart: true)
    let switching = listen(format, isApart: false)
    let tones = [713.0]
    let usual = Sound.disturbance(reference.member.heard.last(6), tones: tones, rate: reference.member.heard.rate)
    let worst = Sound.disturbance(switching.member.heard.last(6), tones: tones, rate: switching.member.heard.rate)
    #expect(worst < usual + 3, "\(worst) against \(usual)")
    #expect(switching.modes == [false, true, false], "\(switching.modes)")
    #expect(switching.member.heard.sequenceBreaks == 0)
    let level = switching.member.level(of: 713, last: 0.3, before: 4.25)
    #expect(abs(level + 17) < 2, "\(level)")
  }

  private func listen(_ format: CodecFormat, isApart: Bool) -> (member: VirtualMember, modes: [Bool]) {
    let stage = Stage()
    stage.join(VirtualMember(1, format, voice: Sound.bursts(713, on: 1, off: 0.4)))
    let member = VirtualMember(2, format, voice: Sound.only(Sound.tone(1_471), from: 2, to: 3))
    stage.join(member)
    if isApart { stage.apply(.setListeningGain(member.leg, 0.01)) }
    for index in 3..<6 { stage.join(VirtualMember(index, format)) }
    var modes: [Bool] = []
    stage.run(ticks: 400) { _ in
      guard let slot = stage.room.slot(of: member.leg), case .own? = stage.room.legs[slot]?.outbound.listener else {
        if modes.last ?? true { modes.append(false) }
        return
      }
      if modes.last == false { modes.append(true) }
    }
    return (member, modes)
  }

  /// Where music never pauses, nobody keeps a costly encoder for ever, and the way back is hardly heard: a steady tone is the
  /// worst that there is.
  @Test(arguments: [CodecFormat.opus, .g722])
  func withMusicTheWayBackTakesSecondsAndIsHardlyHeard(format: CodecFormat) {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, format, voice: Sound.only(Sound.tone(1_471), from: 1, to: 2)))
    for index in 2..<5 { stage.join(VirtualMember(index, format)) }
    stage.apply(.play(PlayTests.tone(1, 713, seconds: 1, to: .everyone, loops: true, ducking: 0)))
    // While it talks it has an encoder of its own, and hears music alone.
    stage.run(seconds: 1.95)
    #expect(stage.encodings.last == 2)
    let before = Sound.disturbance(member.heard.last(0.8), tones: [713], rate: member.heard.rate)
    stage.run(seconds: 13)
    // G.722 costs little, and its decoder would be heard to stumble: it waits for a pause.
    #expect(stage.encodings.last == (format.codec == .opus ? 1 : 2))
    let worst = Sound.disturbance(member.heard.last(12), tones: [713], rate: member.heard.rate)
    #expect(worst < max(before + 4, -40), "\(format.codec): \(worst) against \(before)")
    #expect(member.heard.sequenceBreaks == 0)
  }

  @Test func aTalkerIsNeverPartOfWhatItHearsWhileItsVoiceFadesInAndOut() {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .l16(16_000), voice: Sound.bursts(1_013, on: 0.7, off: 1.1)))
    stage.join(VirtualMember(2, .l16(16_000)))
    stage.run(seconds: 6)
    #expect(Sound.peak(talker.heard.samples) <= 1, "\(Sound.peak(talker.heard.samples))")
  }

  @Test func silenceIsNotEncodedAgainAndAgain() {
    let stage = Stage()
    stage.join(VirtualMember(1, .opus, voice: Sound.only(Sound.tone(1_013), from: 0, to: 1)))
    let listener = stage.join(VirtualMember(2, .opus))
    stage.run(seconds: 4)
    // The talker's own encoder and the shared one have nothing to do any more.
    #expect(stage.encodings.last == 0)
    #expect(listener.heard.sequenceBreaks == 0)
    #expect(listener.heard.packets.count >= 199)
    #expect(Sound.power(listener.heard.last(0.5)) < -75)
  }

  @Test func withDTXSilenceTakesTwoOrThreePacketsASecond() {
    var format = CodecFormat.opus
    format.opus.useDTX = true
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.bursts(713, on: 1, off: 4)))
    let listener = stage.join(VirtualMember(2, format))
    stage.run(seconds: 7)
    let late = listener.heard.packets.filter {
      $0.at > Instant(nanoseconds: 3_000_000_000) && $0.at < Instant(nanoseconds: 5_000_000_000)
    }
    #expect((4...8).contains(late.count), "\(late.count)")
    let first = listener.heard.packets.first { $0.at > Instant(nanoseconds: 5_000_000_000) && $0.count > 20 }
    #expect(first?.marker ?? false, "a talk spurt begins with a marker")
    #expect(listener.heard.sequenceBreaks == 0)
    #expect(abs(listener.level(of: 713, last: 0.4, before: 1.2) + 17) < 2)
  }
}

import Audio
import Codecs
import TestSupport
import Testing

@testable import Conference

/// Listening in, whispers and consultations: tones in the wrong ear stay below -60 dBFS, in all codecs and changes.
@Suite struct HearingTests {
  /// A customer at 713 Hz, an agent at 1,471 Hz, a supervisor at 1,931 Hz, and somebody who says nothing.
  private struct Call {
    let stage: Stage
    let customer: VirtualMember
    let agent: VirtualMember
    let supervisor: VirtualMember
    let other: VirtualMember

    init(_ format: CodecFormat = .l16(16_000), supervisor voice: @escaping Sound.Voice = Sound.tone(1_931)) {
      stage = Stage()
      customer = stage.join(VirtualMember(1, format, voice: Sound.tone(713)))
      agent = stage.join(VirtualMember(2, format, voice: Sound.tone(1_471)))
      other = stage.join(VirtualMember(4, format))
      supervisor = VirtualMember(3, format, voice: voice)
      stage.join(supervisor, admitted: false)
      stage.apply(.setVoice(supervisor.leg, .nobody))
      stage.apply(.admit(supervisor.leg))
    }

    func whisper() { stage.apply(.setVoice(supervisor.leg, .members([agent.leg]))) }
    func barge() { stage.apply(.setVoice(supervisor.leg, .everybody)) }
    func listen() { stage.apply(.setVoice(supervisor.leg, .nobody)) }

    func consult(_ left: VirtualMember, _ right: VirtualMember) {
      stage.apply(.setVoice(left.leg, .members([right.leg])))
      stage.apply(.setVoice(right.leg, .members([left.leg])))
      for leg in [left.leg, right.leg] { stage.apply(.setWithdrawn(leg, true)) }
    }

    func merge(_ left: VirtualMember, _ right: VirtualMember) {
      for leg in [left.leg, right.leg] {
        stage.apply(.setWithdrawn(leg, false))
        stage.apply(.setVoice(leg, .everybody))
      }
    }
  }

  static let formats: [CodecFormat] = [.l16(16_000), .pcmu, .opus, .g722]

  @Test(arguments: formats)
  func whoListensHearsAllAndIsHeardByNobody(format: CodecFormat) {
    let call = Call(format)
    call.stage.run(seconds: 2.5)
    for member in [call.customer, call.agent, call.other] {
      #expect(member.heard.level(of: 1_931, last: 2.4) < -60)
    }
    #expect(call.supervisor.level(of: 713) > -20)
    #expect(call.supervisor.level(of: 1_471) > -20)
  }

  @Test(arguments: formats)
  func aWhisperIsHeardByTheAgentAlone(format: CodecFormat) {
    let call = Call(format)
    call.whisper()
    call.stage.run(seconds: 2.5)
    #expect(call.agent.level(of: 1_931) > -20)
    #expect(call.agent.level(of: 713) > -20)
    for member in [call.customer, call.other] { #expect(member.heard.level(of: 1_931, last: 2.4) < -60) }
    #expect(call.customer.level(of: 1_471) > -20)
    #expect(call.supervisor.level(of: 713) > -20)
    #expect(call.supervisor.level(of: 1_471) > -20)
    #expect(call.supervisor.level(of: 1_931) < -60)
  }

  @Test(arguments: formats)
  func whoBargesInIsHeardByAll(format: CodecFormat) {
    let call = Call(format)
    call.whisper()
    call.stage.run(seconds: 1)
    call.barge()
    call.stage.run(seconds: 2)
    for member in [call.customer, call.agent, call.other] { #expect(member.level(of: 1_931) > -20) }
    #expect(call.supervisor.level(of: 1_931) < -60)
  }

  /// What was said to the agent is still under way when all are to hear what comes next.
  @Test(arguments: [CodecFormat.l16(16_000), .opus], [60.0, 0])
  func whatWasWhisperedIsNotHeardByThoseWhoHearTheNextWord(format: CodecFormat, jitter: Double) {
    let call = Call(format, supervisor: Sound.only(Sound.tone(1_931), from: 0, to: 2))
    call.stage.network.usual.jitter = jitter
    call.whisper()
    call.stage.run(seconds: 2)
    call.barge()
    call.stage.run(seconds: 1)
    #expect(call.agent.level(of: 1_931, last: 1, before: 1.1) > -20)
    for member in [call.customer, call.other] {
      for piece in stride(from: 0.0, to: 2.8, by: 0.2) {
        #expect(member.level(of: 1_931, last: 0.2, before: piece) < -60, "\(piece) s before the end")
      }
    }
  }

  @Test func changesInMidCallAreHeardByThoseTheyAreForWithoutAClick() {
    let call = Call()
    let stage = call.stage
    stage.run(seconds: 1)
    let calm = Sound.roughness(call.customer.heard.last(0.5))
    for round in 0..<2 {
      call.whisper()
      stage.run(seconds: 0.6)
      #expect(call.customer.level(of: 1_931, last: 0.5) < -60, "whisper \(round)")
      #expect(call.agent.level(of: 1_931, last: 0.3) > -20, "whisper \(round)")
      call.barge()
      stage.run(seconds: 0.6)
      #expect(call.customer.level(of: 1_931, last: 0.3) > -20, "barge \(round)")
      call.listen()
      stage.run(seconds: 0.6)
      #expect(call.customer.level(of: 1_931, last: 0.4) < -60, "listen \(round)")
      #expect(call.agent.level(of: 1_931, last: 0.4) < -60, "listen \(round)")
    }
    let steady = Sound.roughness(call.agent.heard.last(0.3))
    call.barge()
    stage.run(seconds: 0.6)
    // All three tones at once bound the second difference.
    let bound = max(calm, steady) + Sound.roughness(call.customer.heard.last(0.3))
    for member in [call.customer, call.agent] {
      #expect(Sound.roughness(member.heard.samples[16_000...]) < bound)
    }
  }

  @Test(arguments: formats)
  func whoConsultsHearsNobodyElseAndIsHeardByNobodyElse(format: CodecFormat) {
    let call = Call(format)
    call.stage.run(seconds: 1)
    call.consult(call.agent, call.supervisor)
    call.stage.apply(.play(PlayTests.tone(1, 440, seconds: 1, to: .member(call.customer.leg), loops: true, ducking: 0)))
    call.stage.run(seconds: 2)
    #expect(call.agent.level(of: 1_931) > -20)
    #expect(call.supervisor.level(of: 1_471) > -20)
    for member in [call.agent, call.supervisor] {
      #expect(member.level(of: 713) < -60)
      #expect(member.level(of: 440) < -60)
    }
    for member in [call.customer, call.other] {
      #expect(member.level(of: 1_931) < -60)
      #expect(member.level(of: 1_471) < -60)
    }
    #expect(call.customer.level(of: 440) > -20)
    #expect(call.other.level(of: 713) > -20)
    call.stage.apply(.stopPlays(.member(call.customer.leg)))
    call.merge(call.agent, call.supervisor)
    call.stage.run(seconds: 1.5)
    #expect(call.customer.level(of: 1_931) > -20)
    #expect(call.customer.level(of: 1_471) > -20)
    #expect(call.agent.level(of: 713) > -20)
    #expect(call.supervisor.level(of: 713) > -20)
  }

  @Test(arguments: [false, true])
  func aRecordingHoldsWhispersOnlyWhereThatIsAskedFor(whispers: Bool) throws {
    let call = Call()
    let recording = RecordingID("a")
    call.whisper()
    call.stage.apply(
      .startRecording(
        RecordingPlan(id: recording, directory: "d", tracks: true, sampleRate: 16_000, whispers: whispers)))
    call.stage.run(seconds: 2)
    call.stage.apply(.stopRecording(recording))
    let mix = try call.stage.files.wave(recording)
    let track = try call.stage.files.wave(recording, name: "3.wav")
    for clip in [mix, track] {
      #expect(clip.samples.count == 32_000)
      let level = Sound.level(of: 1_931, in: clip.samples[8_000...], rate: 16_000)
      #expect(whispers ? level > -20 : level < -80, "\(level)")
    }
    for tone in [713.0, 1_471] {
      #expect(abs(Sound.level(of: tone, in: mix.samples[8_000...], rate: 16_000) + 17) < 1.5)
    }
  }

  @Test func whisperingTakesNoEncodingFromThoseWhoDoNotHearIt() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let whisperer = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(1_931)))
    let agents = (3..<6).map { stage.join(VirtualMember($0, .pcmu)) }
    for index in 0..<10 { stage.join(VirtualMember(index + 10, .pcmu)) }
    stage.apply(.setVoice(whisperer.leg, .members(Set(agents.map(\.leg)))))
    stage.run(seconds: 1.5)
    // The talker's own, one for those who hear the room, one for the three who hear the whisper, too.
    #expect(stage.encodings.suffix(20).allSatisfy { $0 == 3 }, "\(stage.encodings.suffix(20))")
    for agent in agents { #expect(agent.level(of: 1_931, last: 0.5) > -20) }
    stage.apply(.setVoice(whisperer.leg, .nobody))
    stage.run(seconds: 1)
    #expect(stage.encodings.last == 2)
  }

  @Test func aWhisperTakesNoTalkersPlaceInTheMix() {
    var plan = RoomPlan()
    plan.maximumTalkers = 1
    let stage = Stage(plan)
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713, level: -30)))
    let whisperer = stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(1_931, level: -6)))
    let agent = stage.join(VirtualMember(3, .pcmu))
    let customer = stage.join(VirtualMember(4, .pcmu))
    stage.apply(.setVoice(whisperer.leg, .members([agent.leg])))
    stage.run(seconds: 3)
    #expect(customer.level(of: 713) > -35)
    #expect(customer.level(of: 1_931) < -60)
    #expect(agent.level(of: 713) > -35)
    #expect(agent.level(of: 1_931) > -30)
  }

  @Test func whoTakesTheAgentsPlaceInTheRoomHearsNothingOfTheWhisper() {
    let call = Call()
    call.whisper()
    call.stage.run(seconds: 1)
    call.stage.leave(call.agent)
    call.stage.run(seconds: 0.1)
    let next = call.stage.join(VirtualMember(9, .l16(16_000)))
    call.stage.run(seconds: 1)
    for member in [next, call.customer, call.other] { #expect(member.level(of: 1_931, last: 0.9) < -60) }
  }

  @Test func oneWhisperMoreThanThereArePlacesIsHeardByNobody() {
    let stage = Stage()
    let agent = stage.join(VirtualMember(1, .l16(16_000)))
    let customer = stage.join(VirtualMember(2, .l16(16_000)))
    let tones = (0...Asides.maximum).map { 400.0 + 150 * Double($0) }
    let whisperers = tones.enumerated().map { index, tone in
      stage.join(VirtualMember(10 + index, .l16(16_000), voice: Sound.tone(tone, level: -30)), admitted: false)
    }
    for whisperer in whisperers {
      stage.apply(.setVoice(whisperer.leg, .members([agent.leg])))
      stage.apply(.admit(whisperer.leg))
    }
    stage.run(seconds: 2)
    for tone in tones.dropLast() { #expect(agent.level(of: tone) > -40, "\(tone)") }
    #expect(agent.level(of: tones[Asides.maximum]) < -60)
    for tone in tones { #expect(customer.heard.level(of: tone, last: 1.9) < -60, "\(tone)") }
    // When one falls silent, the last has a place.
    stage.apply(.setVoice(whisperers[0].leg, .nobody))
    stage.run(seconds: 1)
    #expect(agent.level(of: tones[Asides.maximum], last: 0.5) > -40)
    #expect(agent.level(of: tones[0], last: 0.5) < -60)
  }

  @Test func whoIsMovedWhispersOnToNobody() {
    let call = Call()
    call.whisper()
    call.stage.run(seconds: 1)
    let other = Stage()
    let listener = other.join(VirtualMember(20, .l16(16_000)))
    other.stall(milliseconds: 1_000)
    guard let leg = call.stage.room.extractLeg(call.supervisor.leg, at: call.stage.now) else {
      Issue.record("no leg")
      return
    }
    call.stage.forget(call.supervisor)
    other.room.insertLeg(leg, at: other.now)
    other.adopt(call.supervisor)
    other.run(seconds: 1.5)
    #expect(listener.heard.level(of: 1_931, last: 1.4) < -60)
  }

  @Test func whatWasSaidUnderTheMaskIsNotHeardWhenItIsTakenOff() {
    for jitter in [0.0, 60] {
      let stage = Stage()
      stage.network.usual.jitter = jitter
      let customer = stage.join(VirtualMember(1, .l16(16_000), voice: Self.turns(713, 1_931, at: 2)))
      let agent = stage.join(VirtualMember(2, .l16(16_000)))
      stage.apply(.setMasked(customer.leg, true))
      stage.run(seconds: 2)
      stage.apply(.setMasked(customer.leg, false))
      stage.run(seconds: 1)
      for piece in stride(from: 0.0, to: 2.8, by: 0.2) {
        #expect(agent.level(of: 713, last: 0.2, before: piece) < -60, "\(jitter): \(piece)")
      }
      #expect(agent.level(of: 1_931, last: 0.5) > -20)
      #expect(agent.level(of: 1_931, last: 0.1, before: 0.6) > -30, "\(jitter): the mask ends soon")
    }
  }

  /// One tone up to a time in seconds, then another.
  private static func turns(_ first: Double, _ second: Double, at time: Double) -> Sound.Voice {
    let before = Sound.only(Sound.tone(first), from: 0, to: time)
    let after = Sound.only(Sound.tone(second), from: time)
    return { before($0) + after($0) }
  }
}

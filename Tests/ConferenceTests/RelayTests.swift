import Codecs
import Primitives
import RTP
import TestSupport
import Testing

@testable import Conference

/// Two members who speak the same: their packets are passed on as they came, and nobody hears when that begins or ends.
@Suite struct RelayTests {
  private struct Missing: Error {}

  private static let plan = RoomPlan(relays: true)

  /// Two members of one codec; nobody talks at first, so that passing on begins.
  private func pair(
    _ format: CodecFormat, seconds: Double = 0.6, plan: RoomPlan = plan, packetTimes: (Int, Int) = (20, 20),
    _ voices: (Sound.Voice, Sound.Voice) = (Sound.silence, Sound.silence)
  ) -> (stage: Stage, first: VirtualMember, second: VirtualMember) {
    let stage = Stage(plan)
    let first = VirtualMember(1, format, voice: voices.0, packetTime: packetTimes.0)
    let second = VirtualMember(2, format, voice: voices.1, phase: 7, packetTime: packetTimes.1)
    stage.join(first)
    stage.join(second)
    stage.run(seconds: seconds)
    return (stage, first, second)
  }

  private func isPassing(_ stage: Stage) -> Bool {
    if case .passing = stage.room.relay { true } else { false }
  }

  /// Silence for a while, then a tone.
  private func later(_ frequency: Double, from start: Double = 0.7) -> Sound.Voice {
    Sound.only(Sound.tone(frequency), from: start)
  }

  @Test(arguments: [
    CodecFormat.pcmu, .pcma, .g722, .g726(.kilobits32), .l16(16_000), .opus, .speex(16_000), .ilbc(.twentyMilliseconds),
    .gsm,
  ])
  func whatComesInGoesOutBitByBitAndNothingIsEncoded(format: CodecFormat) {
    let (stage, first, second) = pair(format, (later(713), later(1_471)))
    #expect(isPassing(stage), "\(format.codec)")
    stage.run(seconds: 2)
    #expect(stage.encodings.suffix(100).allSatisfy { $0 == 0 })
    for (talker, listener) in [(first, second), (second, first)] {
      #expect(Array(talker.sentPayloads.suffix(95)) == Array(listener.heardPayloads.suffix(95)))
      #expect(listener.heard.sequenceBreaks == 0)
      #expect(Set(listener.heard.packets.map(\.ssrc)).count == 1)
      let steps = steps(listener).suffix(95)
      #expect(steps.allSatisfy { $0 == format.clockRate / 50 })
    }
  }

  /// Ticks between the timestamps of neighbours.
  private func steps(_ member: VirtualMember) -> [Int] {
    zip(member.heard.packets, member.heard.packets.dropFirst()).map {
      Int(Int32(bitPattern: $1.timestamp &- $0.timestamp))
    }
  }

  @Test func packetsLeaveAtOnceAndNotWithTheTick() {
    let (stage, first, second) = pair(.pcmu)
    #expect(isPassing(stage))
    let before = second.heard.packets.count
    let sent = first.sent
    stage.stall(milliseconds: 60)
    #expect(first.sent == sent + 3)
    #expect(second.heard.packets.count == before + 3)
  }

  @Test func aLossStaysALossAndAnOvertakenPacketTakesItsPlace() {
    let (stage, first, second) = pair(.pcmu, (later(713), Sound.silence))
    stage.network.conditions[first.address] = VirtualNetwork.Conditions(delay: 20, loss: 0.1)
    stage.run(seconds: 4)
    let packets = second.heard.packets.suffix(150)
    let numbers = Int((packets.last?.sequence ?? 0) &- (packets.first?.sequence ?? 0)) + 1
    #expect(numbers - packets.count > 5)
    for (earlier, later) in zip(packets, packets.dropFirst()) {
      #expect(later.timestamp &- earlier.timestamp == 160 * UInt32(later.sequence &- earlier.sequence))
    }
    #expect(stage.statistics(of: first).packetsLost > 5)
    stage.network.conditions[first.address] = VirtualNetwork.Conditions(
      delay: 20, reordering: 0.2, detour: 45, mayOvertake: true)
    stage.run(seconds: 3)
    let reordered = second.heard.packets.suffix(120)
    #expect(zip(reordered, reordered.dropFirst()).contains { Int16(bitPattern: $1.sequence &- $0.sequence) < 0 })
    #expect(Set(reordered.map { $0.timestamp &- 160 * UInt32($0.sequence) }).count <= 2)
    #expect(Set(reordered.map(\.sequence)).count == reordered.count)
  }

  @Test(arguments: [(20, 40), (60, 20), (20, 60), (10, 20)])
  func whereThePacketTimesDifferPayloadsAreCutAnew(packetTimes: (Int, Int)) {
    for format in [CodecFormat.pcmu, .g722, .l16(8_000), .g726(.kilobits32)] {
      let stage = Stage(Self.plan)
      let talker = VirtualMember(1, format, voice: later(713), packetTime: packetTimes.0)
      let listener = VirtualMember(2, format, packetTime: packetTimes.1)
      stage.join(talker)
      stage.join(listener)
      stage.run(seconds: 2.5)
      #expect(isPassing(stage), "\(format.codec)")
      let ticks = format.clockRate * packetTimes.1 / 1_000
      #expect(steps(listener).suffix(25).allSatisfy { $0 == ticks }, "\(format.codec) \(packetTimes)")
      #expect(listener.heard.sequenceBreaks == 0)
      let heard = Array(listener.heardPayloads.suffix(12).joined())
      let sent = Array(talker.sentPayloads.joined())
      #expect(heard.count >= 12 * ticks / 2 && contains(sent, heard), "\(format.codec) \(packetTimes)")
      #expect(abs(listener.level(of: 713) + 17) < 0.5)
    }
  }

  private func contains(_ whole: [UInt8], _ part: [UInt8]) -> Bool {
    guard !part.isEmpty, whole.count >= part.count else { return false }
    return (0...whole.count - part.count).contains { whole[$0] == part[0] && whole[$0...].starts(with: part) }
  }

  @Test func opusOfAnotherPacketTimeIsTranscoded() {
    let (stage, _, second) = pair(.opus, packetTimes: (60, 20), (later(713), Sound.silence))
    stage.run(seconds: 1.5)
    #expect(!isPassing(stage))
    #expect(steps(second).suffix(20).allSatisfy { $0 == 960 })
  }

  @Test func aPauseOfTheTalkerStaysAPauseAndItsEndKeepsItsMark() {
    let (stage, first, second) = pair(.pcmu, (later(713), Sound.silence))
    first.isTransmitting = { time in time < 1.5 || time >= 2 }
    stage.run(seconds: 2.5)
    let ends = zip(second.heard.packets, second.heard.packets.dropFirst()).filter { $1.timestamp &- $0.timestamp > 160 }
    #expect(ends.count == 1)
    #expect(ends.first.map { $1.marker && $1.timestamp &- $0.timestamp == 25 * 160 + 160 } ?? false)
    #expect(second.heard.sequenceBreaks == 0)
  }

  @Test func comfortNoiseIsPassedOnToWhoTakesIt() {
    let stage = Stage(Self.plan)
    let first = VirtualMember(1, .pcmu)
    let second = VirtualMember(2, .pcmu)
    for member in [first, second] { member.plan.comfortNoise = 13 }
    stage.join(first)
    stage.join(second)
    stage.run(seconds: 1)
    stage.inject(first.packet([70], type: 13), to: first.leg, from: first.address)
    stage.run(ticks: 1)
    #expect(second.heard.packets.contains { $0.payloadType == 13 && $0.count == 1 })
    #expect(isPassing(stage))
  }

  @Test func keysAreReportedAndTakeNoNumber() {
    let (stage, first, second) = pair(.pcmu)
    let timestamp = first.timestamp
    for (index, end) in [false, false, true].enumerated() {
      let packet = first.eventPacket(
        5, end: end, duration: UInt16(160 * (index + 1)), timestamp: timestamp, marker: index == 0)
      stage.inject(packet, to: first.leg, from: first.address)
    }
    stage.run(seconds: 1)
    #expect(stage.digits(of: first) == "5")
    #expect(second.events.isEmpty)
    #expect(second.heard.sequenceBreaks == 0)
    #expect(isPassing(stage))
  }

  @Test(arguments: [CodecFormat.pcmu, .opus, .g722])
  func whoTalksIsStillSaidAndSilenceNoticed(format: CodecFormat) {
    let stage = Stage(RoomPlan(inactivityTimeout: 3_000, relays: true))
    let first = VirtualMember(1, format, voice: Sound.only(Sound.tone(713), from: 1, to: 2))
    let second = VirtualMember(2, format)
    if format.codec == .opus {
      for member in [first, second] {
        member.levelExtension = 1
        member.plan.audioLevelExtension = 1
      }
    }
    stage.join(first)
    stage.join(second)
    stage.run(seconds: 3)
    #expect(isPassing(stage))
    let talking = stage.talking(first)
    #expect(talking.map(\.isTalking) == [true, false])
    #expect((1_000...1_120).contains(talking.first?.at ?? 0), "\(talking)")
    // G.722 hides its level: it is decoded, but not encoded.
    #expect(stage.decodings.suffix(50).allSatisfy { $0 == (format.codec == .g722 ? 2 : 0) })
    #expect(stage.encodings.suffix(50).allSatisfy { $0 == 0 })
    first.isSending = false
    stage.run(seconds: 4)
    #expect(stage.has { if case .mediaInactive(first.leg) = $0 { true } else { false } })
  }

  enum Reason: CaseIterable, Sendable { case third, recording, prompt, privatePrompt, gain, mute, digits, plan }

  private func disturb(_ stage: Stage, _ first: VirtualMember, _ second: VirtualMember, by reason: Reason) {
    switch reason {
    case .third: stage.join(VirtualMember(3, .pcmu))
    case .recording:
      stage.apply(
        .startRecording(
          RecordingPlan(
            id: RecordingID("ab"), directory: "x", format: .wav, tracks: false, sampleRate: 8_000)))
    case .prompt: stage.apply(.play(PlayTests.tone(1, 1_931, seconds: 0.5, to: .everyone)))
    case .privatePrompt: stage.apply(.play(PlayTests.tone(1, 1_931, seconds: 0.5, to: .member(second.leg))))
    case .gain: stage.apply(.setTalkingGain(first.leg, -10))
    case .mute: stage.apply(.setMuted(first.leg, true))
    case .digits: stage.apply(.sendDigits(second.leg, [.five]))
    case .plan:
      first.plan.direction = .receiveOnly
      stage.agree(first)
    }
  }

  @Test(arguments: Reason.allCases)
  func whatNeedsAMixEndsPassingOnWithTheNextTick(reason: Reason) {
    let (stage, first, second) = pair(.pcmu, (later(713), Sound.silence))
    stage.run(seconds: 1)
    #expect(isPassing(stage))
    disturb(stage, first, second, by: reason)
    stage.run(ticks: 1)
    #expect(!isPassing(stage))
    stage.run(seconds: 1)
    #expect(second.heard.sequenceBreaks == 0)
    switch reason {
    case .prompt: #expect(abs(second.level(of: 1_931, last: 0.3, before: 0.6) + 17) < 2)
    case .privatePrompt:
      #expect(abs(second.level(of: 1_931, last: 0.3, before: 0.6) + 17) < 2)
      #expect(first.level(of: 1_931) < -60)
    case .gain: #expect(abs(second.level(of: 713, last: 0.5) + 27) < 1)
    case .mute: #expect(second.level(of: 713, last: 0.5) < -80)
    case .digits: #expect(second.events.contains { $0.payload.event == 5 })
    case .third, .recording, .plan: break
    }
  }

  /// The talker's tone goes on while a third member comes: neither a gap nor a repetition nor a click is heard.
  @Test(arguments: [CodecFormat.pcmu, .l16(16_000), .g722, .opus])
  func nobodyHearsTheEndOfPassingOn(format: CodecFormat) {
    let (stage, _, second) = pair(format, (later(713), Sound.silence))
    stage.run(seconds: 1.4)
    #expect(isPassing(stage))
    let steady = (measure(second, last: 0.8), roughness(second, last: 0.8))
    stage.join(VirtualMember(3, .pcmu))
    stage.run(seconds: 1)
    #expect(!isPassing(stage))
    #expect(second.heard.sequenceBreaks == 0)
    // By timestamps nothing is missing and nothing comes twice.
    #expect(steps(second).suffix(90).allSatisfy { $0 == format.clockRate / 50 }, "\(steps(second).suffix(60))")
    let worst = (measure(second, last: 1.3), roughness(second, last: 1.3))
    if format.codec.hasMemory {
      // What is coded twice comes 1.4 ms (G.722) or 6.5 ms (Opus) later: the tone's phase jumps, softened by the decoder.
      #expect(worst.1 < 2 * steady.1, "\(format.codec): \(worst) against \(steady)")
      #expect(worst.0 < -17, "\(format.codec): \(worst) against \(steady)")
    } else {
      #expect(worst.0 < steady.0 + 1 && worst.1 <= steady.1, "\(format.codec): \(worst) against \(steady)")
    }
    #expect(abs(second.level(of: 713, last: 0.5) + 17) < 1)
  }

  private func measure(_ member: VirtualMember, last seconds: Double) -> Double {
    Sound.disturbance(member.heard.last(seconds), tones: [713], rate: member.heard.rate)
  }

  private func roughness(_ member: VirtualMember, last seconds: Double) -> Int {
    Sound.roughness(member.heard.last(seconds))
  }

  /// Codecs with a memory wait for a pause, as long as one may come.
  @Test(arguments: [CodecFormat.pcmu, .speex(8_000)])
  func passingOnComesBackAndNotAtOnce(format: CodecFormat) {
    let talk = Sound.bursts(713, on: 1.5, off: 1, start: 0.7)
    let (stage, _, second) = pair(format, (talk, Sound.silence))
    let third = stage.join(VirtualMember(3, .pcmu))
    stage.run(ticks: 1)
    #expect(!isPassing(stage))
    stage.leave(third)
    var began: Int?
    stage.run(ticks: 200) { tick in if began == nil, isPassing(stage) { began = tick } }
    // A second after the end; then the patience of the room, or that and the end of the burst at 2.2 s with the detector's hang-over.
    #expect((format.codec.hasMemory ? 95...130 : 58...64).contains(began ?? 0), "\(began ?? -1)")
    #expect(second.heard.sequenceBreaks == 0)
    let steps = steps(second)
    #expect(steps.allSatisfy { $0 >= 160 && $0 <= 480 }, "\(steps)")
  }

  @Test func aTalkerWithAnotherSourceGoesOnInTheSameStream() {
    let (stage, first, second) = pair(.pcmu, (later(713), Sound.silence))
    stage.run(seconds: 1)
    first.ssrc &+= 7
    first.sequence = 40_000
    first.timestamp = 99
    stage.run(seconds: 1)
    #expect(second.heard.sequenceBreaks == 0)
    #expect(Set(second.heard.packets.map(\.ssrc)).count == 1)
    #expect(steps(second).allSatisfy { $0 > 0 && $0 < 8_000 })
    #expect(abs(second.level(of: 713, last: 0.3) + 17) < 1)
  }

  @Test func aFloodIsNotPassedOn() {
    let (stage, first, second) = pair(.pcmu)
    let before = second.heard.packets.count
    for _ in 0..<500 {
      stage.inject(
        first.packet([UInt8](repeating: 0xFF, count: 160)), to: first.leg, from: first.address)
      first.sequence &+= 1
      first.timestamp &+= 160
    }
    stage.run(ticks: 1)
    #expect((RelayQueue.allowance - 2...RelayQueue.allowance + 2).contains(second.heard.packets.count - before))
    stage.run(seconds: 1)
    #expect(isPassing(stage))
  }

  @Test func aRoomThatMustNotPassOnMixes() {
    let (stage, _, _) = pair(.pcmu, plan: RoomPlan(relays: false))
    #expect(!isPassing(stage))
    let (other, _, _) = pair(.pcmu, plan: RoomPlan(kind: .echo, relays: true))
    #expect(!isPassing(other))
  }

  @Test func whoHasNoKeysOfItsOwnOrAsksForLessIsMixed() {
    let stage = Stage(Self.plan)
    stage.join(VirtualMember(1, .pcmu, events: false))
    stage.join(VirtualMember(2, .pcmu))
    stage.run(seconds: 1)
    #expect(!isPassing(stage))
    var narrow = CodecFormat.opus
    narrow.opus.maxPlaybackRate = 16_000
    let other = Stage(Self.plan)
    other.join(VirtualMember(1, .opus))
    other.join(VirtualMember(2, narrow))
    other.run(seconds: 1)
    #expect(!isPassing(other))
  }

  @Test func aMemberMovesOnToAnotherRoomWithItsStream() throws {
    let (stage, first, second) = pair(.pcmu, (later(713), Sound.silence))
    stage.run(seconds: 0.5)
    let taken = stage.room.extractLeg(first.leg, at: stage.now)
    guard let leg = taken else { throw Missing() }
    stage.run(ticks: 1)
    #expect(!isPassing(stage))
    stage.room.insertLeg(leg, at: stage.now)
    stage.run(seconds: 1.5)
    #expect(first.heard.sequenceBreaks == 0 && second.heard.sequenceBreaks == 0)
    #expect(abs(second.level(of: 713, last: 0.3) + 17) < 1)
  }
}

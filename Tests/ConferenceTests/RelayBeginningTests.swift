import Audio
import Codecs
import Primitives
import RTP
import TestSupport
import Testing

@testable import Conference

/// Two members who speak the same and never pause: packets take over from the mix in the middle of what is said.
@Suite struct RelayBeginningTests {
  private static let plan = RoomPlan(relays: true)

  /// Codecs that go on bit by bit.
  static let stateless: [CodecFormat] = [.pcmu, .pcma, .l16(16_000)]
  static let remembering: [CodecFormat] = [.opus, .speex(8_000), .ilbc(.twentyMilliseconds), .gsm]

  private func pair(
    _ format: CodecFormat, _ voices: (Sound.Voice, Sound.Voice), packetTimes: (Int, Int) = (20, 20),
    plan: RoomPlan = plan
  ) -> (stage: Stage, first: VirtualMember, second: VirtualMember) {
    let stage = Stage(plan)
    let first = VirtualMember(1, format, voice: voices.0, packetTime: packetTimes.0)
    let second = VirtualMember(2, format, voice: voices.1, phase: 7, packetTime: packetTimes.1)
    stage.join(first)
    stage.join(second)
    return (stage, first, second)
  }

  private func isPassing(_ stage: Stage) -> Bool {
    if case .passing = stage.room.relay { true } else { false }
  }

  /// The tick in which packets take over, of at most so many seconds.
  private func beginning(_ stage: Stage, within seconds: Double) -> Int? {
    var found: Int?
    stage.run(ticks: Int(seconds * 50)) { tick in if found == nil, isPassing(stage) { found = tick } }
    return found
  }

  /// What was sent, decoded by a perfect receiver.
  private func said(_ member: VirtualMember) -> [Int16] {
    var decoder = AudioDecoder(format: member.plan.send.format, outputRate: 48_000)
    return member.sentPayloads.flatMap { payload -> [Int16] in
      var buffer = [Int16](repeating: 0, count: 5_760)
      var span = buffer.mutableSpan
      let count = decoder.decode(payload.span, into: &span)
      return Array(buffer[..<count])
    }
  }

  private func steps(_ member: VirtualMember) -> Set<Int> {
    Set(
      zip(member.heard.packets, member.heard.packets.dropFirst()).map {
        Int(Int32(bitPattern: $1.timestamp &- $0.timestamp))
      })
  }

  /// Two tones that beat, so that no second of it is like another.
  private static func music(_ frequency: Double) -> Sound.Voice {
    let tones = (Sound.tone(frequency, level: -20), Sound.tone(frequency * 1.618, level: -20))
    return { tones.0($0) + tones.1($0) }
  }

  @Test(arguments: stateless)
  func nothingIsMissingAndNothingComesTwice(format: CodecFormat) {
    let (stage, first, second) = pair(format, (Self.music(713), Self.music(471)))
    let began = beginning(stage, within: 2)
    #expect((10...20).contains(began ?? 0), "\(format.codec): \(began ?? -1)")
    for (talker, listener) in [(first, second), (second, first)] {
      let (said, heard) = (said(talker), Array(listener.heard.samples.suffix(listener.heard.rate * 7 / 4)))
      let start = (0...said.count - heard.count).first { said[$0...].starts(with: heard) }
      #expect(start != nil, "\(format.codec)")
      #expect(listener.heard.sequenceBreaks == 0)
      #expect(listener.heard.packets.count { $0.marker } == 1)
      #expect(steps(listener) == [format.clockRate / 50])
    }
    #expect(stage.encodings.suffix(50).allSatisfy { $0 == 0 })
  }

  @Test(arguments: remembering)
  func anotherEncoderTakesOverWithoutAGapOrAClick(format: CodecFormat) {
    let (stage, _, second) = pair(format, (Sound.tone(713), Sound.tone(471)))
    stage.run(seconds: 1.8)
    #expect(!isPassing(stage))
    let steady = (disturbance(second, last: 1), Sound.roughness(second.heard.last(1)))
    let began = beginning(stage, within: 0.5)
    #expect((5...20).contains(began ?? 0), "\(format.codec): \(began ?? -1)")
    stage.run(seconds: 0.2)
    let seam = (disturbance(second, last: 0.7), Sound.roughness(second.heard.last(0.7)))
    #expect(second.heard.sequenceBreaks == 0)
    #expect(second.heard.packets.count { $0.marker } == 1)
    #expect(steps(second) == [format.clockRate / 50])
    // The tone's phase jumps by what is no longer coded twice; decoders soften that.
    #expect(seam.1 * 2 < 3 * steady.1, "\(format.codec): \(seam) against \(steady)")
    #expect(seam.0 < -16, "\(format.codec): \(seam) against \(steady)")
    // And nowhere is it louder, or quieter, than it was.
    let samples = second.heard.last(0.7)
    let piece = second.heard.rate / 25
    let levels = stride(from: 0, to: samples.count - piece, by: piece).map { Sound.power(samples[$0..<$0 + piece]) }
    #expect((levels.max() ?? 0) - (levels.min() ?? -99) < 3, "\(format.codec): \(levels)")
  }

  @Test(arguments: [CodecFormat.g722, .g726(.kilobits32)])
  func aDecoderThatWouldStumbleWaitsForAPause(format: CodecFormat) {
    let (stage, _, second) = pair(format, (Sound.only(Sound.tone(713), from: 0, to: 3), Sound.silence))
    stage.run(seconds: 3)
    #expect(!isPassing(stage))
    #expect(beginning(stage, within: 1.5) != nil)
    #expect(second.heard.sequenceBreaks == 0)
  }

  private func disturbance(_ member: VirtualMember, last seconds: Double) -> Double {
    Sound.disturbance(member.heard.last(seconds), tones: [713], rate: member.heard.rate)
  }

  @Test(arguments: [(20, 60), (60, 20), (40, 40)])
  func packetTimesOfAllKindsComeInStep(packetTimes: (Int, Int)) {
    for format in [CodecFormat.pcmu, .l16(8_000)] {
      let (stage, first, second) = pair(format, (Self.music(713), Self.music(471)), packetTimes: packetTimes)
      #expect(beginning(stage, within: 2) != nil, "\(format.codec) \(packetTimes)")
      for (talker, listener) in [(first, second), (second, first)] {
        let (said, heard) = (said(talker), Array(listener.heard.samples.suffix(13_000)))
        #expect(
          (0...said.count - heard.count).contains { said[$0...].starts(with: heard) }, "\(format.codec) \(packetTimes)")
        #expect(listener.heard.sequenceBreaks == 0)
      }
    }
  }

  /// Clocks that run apart make the room stretch what it mixes: packets take over in the middle of one.
  @Test(arguments: [-3_000.0, 3_000])
  func aClockThatRunsFastOrSlowDoesNotMatter(drift: Double) {
    let (stage, first, second) = pair(.pcmu, (Sound.tone(713), Sound.tone(471)), plan: RoomPlan(relays: false))
    first.driftPPM = drift
    stage.run(seconds: 8)
    let steady = Sound.roughness(second.heard.last(5))
    stage.room.plan.relays = true
    #expect(beginning(stage, within: 2) != nil)
    #expect(second.heard.sequenceBreaks == 0)
    #expect(Sound.roughness(second.heard.last(3)) <= steady, "against \(steady)")
    let lengths = steps(second)
    #expect(lengths.allSatisfy { (80...240).contains($0) }, "\(lengths)")
    // One packet is not as long as the others: it begins where the mix ended.
    #expect(drift < 0 || lengths.count == 2, "\(lengths)")
  }

  @Test func lossAndJitterPutItOffAndDoNotPreventIt() {
    let (stage, first, second) = pair(.pcmu, (Self.music(713), Self.music(471)))
    for member in [first, second] {
      stage.network.conditions[member.address] = VirtualNetwork.Conditions(delay: 20, jitter: 30, loss: 0.05)
    }
    #expect(beginning(stage, within: 8) != nil)
    #expect(abs(second.level(of: 713, last: 1) + 20) < 1.5)
  }

  /// A voice that was levelled goes back to its own level before packets, which nobody levels, take over.
  @Test func theLevelOfAVoiceDoesNotJump() {
    let (stage, _, second) = pair(.pcmu, (Sound.tone(713, level: -25), Sound.tone(471, level: -25)))
    let third = stage.join(VirtualMember(3, .pcmu))
    stage.run(seconds: 4)
    #expect(second.level(of: 713, last: 0.4) > -21)
    stage.leave(third)
    let began = beginning(stage, within: 5)
    #expect((100...240).contains(began ?? 0), "\(began ?? -1)")
    #expect(abs(second.level(of: 713, last: 0.1) + 25) < 0.3)
    let samples = second.heard.last(6)
    let levels = stride(from: 0, to: samples.count - 1_600, by: 1_600).map {
      Sound.level(of: 713, in: samples[$0..<$0 + 1_600], rate: 8_000)
    }
    #expect(zip(levels, levels.dropFirst()).allSatisfy { abs($0 - $1) < 0.6 }, "\(levels)")
  }

  /// What is recorded begins with the tick, although nothing was decoded before.
  @Test(arguments: [CodecFormat.pcmu, .opus])
  func aRecordingHasTheVoiceFromItsBeginning(format: CodecFormat) throws {
    let (stage, _, second) = pair(format, (Sound.tone(713), Sound.silence))
    #expect(beginning(stage, within: 3) != nil)
    let recording = RecordingID("ab")
    stage.apply(
      .startRecording(
        RecordingPlan(id: recording, directory: "x", format: .wav, tracks: false, sampleRate: 16_000)))
    stage.run(seconds: 1)
    #expect(!isPassing(stage))
    stage.apply(.stopRecording(recording))
    #expect(second.heard.sequenceBreaks == 0)
    #expect(steps(second) == [format.clockRate / 50])
    let samples = try stage.files.wave(recording).samples
    #expect(samples.count == 16_000)
    // The first tick fades in.
    #expect(abs(Sound.level(of: 713, in: samples[640..<2_240], rate: 16_000) + 17) < 1.5)
  }

  /// Real voices, to be judged by PESQ (`Tests/Interop/test_quality.py`): packets take over while they speak.
  @Test(.enabled(if: Vectors.isPresent), arguments: [true, false])
  func aVoiceGoesOnWhenPacketsTakeOver(relays: Bool) throws {
    let rate = 16_000
    for (index, name) in SpeechTests.voices.enumerated() {
      let said = AudioClip(
        samples: Array(try Vectors.samples("speech/\(name).\(rate / 1_000)k.wav").prefix(4 * rate)), sampleRate: rate)
      let speech = said.resampled(to: 48_000)
      let spoken: Sound.Voice = { time in
        let place = Int((time * Double(speech.sampleRate)).rounded())
        return speech.samples.indices.contains(place) ? Double(speech.samples[place]) / 32_768 : 0
      }
      // The other one never pauses either.
      let (stage, _, second) = pair(.opus, (spoken, Sound.tone(471)), plan: RoomPlan(relays: relays))
      stage.run(seconds: 4.2)
      #expect(isPassing(stage) == relays)
      #expect(second.heard.sequenceBreaks == 0)
      let heard = AudioClip(samples: second.heard.samples, sampleRate: second.heard.rate).resampled(to: rate).samples
      try SpeechFolder.keep(heard, "relay-opus-\(relays ? "joined" : "mixed")-\(index)")
      #expect(abs(Sound.power(heard) - Sound.power(said.samples)) < 4, "\(name)")
    }
  }
}

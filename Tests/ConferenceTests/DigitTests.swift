import Primitives
import RTP
import Audio
import Codecs
import Foundation
import Testing

@testable import Conference

/// Keys, both ways and in every form.
@Suite struct DigitTests {
  private func press(_ member: VirtualMember, _ event: UInt8, on stage: Stage, packets: Int = 8, ticks: UInt16 = 160) {
    let start = member.timestamp
    for index in 0..<packets {
      stage.inject(
        member.eventPacket(
          event, end: false, duration: UInt16(index + 1) * ticks, timestamp: start, marker: index == 0),
        to: member.leg, from: member.address)
      stage.run(ticks: 1)
    }
    for _ in 0..<3 {
      stage.inject(
        member.eventPacket(event, end: true, duration: UInt16(packets + 1) * ticks, timestamp: start, marker: false),
        to: member.leg, from: member.address)
    }
  }

  @Test(arguments: [CodecFormat.pcmu, .g722, .opus])
  func telephoneEventsAreOneKeyEachWhateverTheirPackets(format: CodecFormat) {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, format))
    stage.run(seconds: 0.5)
    member.isSending = false
    for event in [1, 2, 2, 10, 11, 15] as [UInt8] {
      press(member, event, on: stage)
      stage.run(ticks: 4)
    }
    #expect(stage.digits(of: member) == "122*#D")
    #expect(stage.statistics(of: member).packetsLost == 0)
  }

  @Test func browsersSendOnlyEndPacketsOnTheClockOfTheAudio() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .opus, voice: Sound.tone(713)))
    member.plan.telephoneEvent = TelephoneEventPlan(payloadType: 101, clockRate: 8_000)
    stage.agree(member)
    stage.run(seconds: 0.5)
    for event in [7, 7, 3] as [UInt8] {
      let timestamp = member.timestamp
      for _ in 0..<3 {
        stage.inject(
          member.eventPacket(event, end: true, duration: 4_800, timestamp: timestamp, marker: true), to: member.leg,
          from: member.address)
      }
      stage.run(ticks: 10)
    }
    #expect(stage.digits(of: member) == "773")
  }

  @Test func aKeyWhoseEndIsLostCountsAllTheSame() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu))
    stage.run(seconds: 0.5)
    member.isSending = false
    stage.inject(
      member.eventPacket(4, end: false, duration: 160, timestamp: member.timestamp, marker: true), to: member.leg,
      from: member.address)
    stage.run(ticks: 12)
    #expect(stage.digits(of: member) == "4")
  }

  @Test func aKeyInTheMiddleOfSpeechLeavesNoGapBehind() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let listener = stage.join(VirtualMember(2, .l16(8_000)))
    stage.run(seconds: 1.5)
    member.isSending = false
    press(member, 5, on: stage)
    member.isSending = true
    stage.run(seconds: 1)
    #expect(stage.digits(of: member) == "5")
    #expect(abs(listener.level(of: 713, last: 0.7) + 17) < 1.5)
    #expect(stage.statistics(of: member).jitterBufferDelay < 60)
  }

  @Test(arguments: [CodecFormat.pcmu, .opus])
  func tonesInTheAudioAreKeysForLegsWithoutTelephoneEvents(format: CodecFormat) {
    let stage = Stage()
    let member = VirtualMember(1, format, voice: Self.dial("159*0#D8", from: 1), phase: 3, events: false)
    stage.join(member)
    let other = VirtualMember(2, format, voice: Self.dial("777", from: 1), phase: 3)
    stage.join(other)
    stage.run(seconds: 4)
    #expect(stage.digits(of: member) == "159*0#D8")
    #expect(stage.digits(of: other).isEmpty, "where telephone-event is agreed, tones are sounds")
    #expect(stage.has { if case .digit(_, .one, .inBand) = $0 { true } else { false } })
  }

  @Test func aMutedMembersTonesStillCount() {
    let stage = Stage()
    let member = VirtualMember(1, .pcmu, voice: Self.dial("14", from: 1), events: false)
    stage.join(member)
    let listener = stage.join(VirtualMember(2, .l16(8_000)))
    stage.apply(.setMuted(member.leg, true))
    stage.run(seconds: 2.5)
    #expect(stage.digits(of: member) == "14")
    #expect(Sound.peak(listener.heard.samples) == 0)
  }

  @Test func digitsAreSentAsEventsWhereAgreed() {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .opus))
    stage.join(VirtualMember(2, .pcmu, voice: Sound.tone(713)))
    stage.run(seconds: 1)
    stage.apply(.sendDigits(member.leg, [.one, .pound]))
    stage.run(seconds: 1)
    let ends = member.events.filter { $0.payload.end }
    #expect(ends.map(\.payload.event) == [1, 1, 1, 11, 11, 11])
    #expect(member.events.filter(\.marker).map(\.payload.event) == [1, 11])
    #expect(ends.allSatisfy { $0.payload.duration == 4_800 })
    #expect(Set(member.events.map(\.timestamp)).count == 2)
    #expect(member.heard.sequenceBreaks == 0)
    // No audio goes out beside the events, and it comes back.
    #expect(abs(member.level(of: 713, last: 0.3) + 17) < 2)
    let times = member.heard.packets.map(\.at)
    #expect(zip(times, times.dropFirst()).allSatisfy { $1.nanoseconds(since: $0) == 20_000_000 })
  }

  @Test func digitsAreSentAsTonesWhereNot() throws {
    let stage = Stage()
    let member = stage.join(VirtualMember(1, .pcmu, events: false))
    let other = stage.join(VirtualMember(2, .pcmu))
    stage.run(seconds: 0.5)
    stage.apply(.sendDigits(member.leg, [.one, .nine, .star]))
    stage.run(seconds: 1.5)
    var detector = DTMFDetector(sampleRate: 8_000)
    detector.process(member.heard.samples.span)
    var found: [UInt8] = []
    while let event = detector.nextEvent() { if case .began(let code) = event { found.append(code) } }
    #expect(found == [1, 9, 10])
    #expect(Sound.peak(other.heard.samples) <= 8)
  }

  /// Keys as tones of 100 ms with pauses of 100 ms.
  static func dial(_ keys: String, from start: Double) -> Sound.Voice {
    let tones: [(Double, Double)] = keys.map { key in
      let pad = Array("123A456B789C*0#D")
      let place = pad.firstIndex(of: key) ?? 0
      return (DTMFTone.rows[place / 4], DTMFTone.columns[place % 4])
    }
    return { time in
      let place = Int((time - start) / 0.2)
      guard time >= start, place < tones.count, (time - start).truncatingRemainder(dividingBy: 0.2) < 0.1 else {
        return 0
      }
      let (row, column) = tones[place]
      return 0.2 * (sin(2 * Double.pi * row * time) + sin(2 * Double.pi * column * time))
    }
  }
}

import Codecs
import Testing

/// A listener gets the AMR mode that it asks for (RFC 4867, section 4.3.1), and nobody else does.
@Suite struct ModeRequestTests {
  /// Octets of the payloads of the last half second, one frame each.
  private func sizes(_ member: VirtualMember) -> Set<Int> { Set(member.heard.packets.suffix(25).map(\.count)) }

  private func format(_ fmtp: String) -> CodecFormat {
    var format = CodecFormat.amr
    format.parameters = .amr(AMRParameters(fmtp: fmtp))
    return format
  }

  @Test func whoAsksForAModeGetsItAndTheOthersKeepTheirs() {
    let stage = Stage()
    let talker = stage.join(VirtualMember(1, .pcmu, voice: Sound.only(Sound.tone(713), from: 0, to: 4)))
    let asking = stage.join(VirtualMember(2, .amr))
    let others = (3..<6).map { stage.join(VirtualMember($0, .amr)) }
    stage.run(seconds: 1)
    #expect(sizes(asking) == [32])
    #expect(stage.encodings.last == 2)
    // 5.9 kbit/s.
    asking.ask(forMode: 2)
    stage.run(seconds: 1)
    #expect(sizes(asking) == [16])
    #expect(others.allSatisfy { sizes($0) == [32] })
    #expect(stage.encodings.last == 3)
    #expect(asking.level(of: 713, last: 0.5) > -20)
    asking.ask(forMode: nil)
    stage.run(seconds: 1)
    #expect(sizes(asking) == [32])
    // The talker pauses: now it listens with the others again.
    stage.run(seconds: 2)
    #expect(stage.encodings.last == 2)
    #expect(sizes(asking) == [32])
    #expect([asking, talker].allSatisfy { $0.heard.sequenceBreaks == 0 })
  }

  @Test func listenersWhoAskForTheSameShare() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.only(Sound.tone(713), from: 1, to: 9)))
    let asking = (2..<5).map { stage.join(VirtualMember($0, .amrWB)) }
    for member in asking { member.ask(forMode: 1) }
    // Whoever asks for the best mode gets what those get who ask for nothing.
    let others = (5..<8).map { stage.join(VirtualMember($0, .amrWB)) }
    others[0].ask(forMode: 8)
    stage.run(seconds: 2)
    #expect(stage.encodings.last == 3)
    #expect(asking.allSatisfy { sizes($0) == [24] })
    #expect(others.allSatisfy { sizes($0) == [51] })
    // One of them talks, and so gets an encoder of its own: it codes as the shared one did.
    asking[0].voice = Sound.tone(1_471)
    stage.run(seconds: 1)
    #expect(stage.encodings.last == 4)
    #expect(asking.allSatisfy { sizes($0) == [24] })
    #expect(asking[0].level(of: 713, last: 0.5) > -20)
  }

  @Test(arguments: [(0, 14), (3, 32), (7, 32), (9, 32), (nil, 32)])
  func requestsOutsideOfTheAgreedSetChangeNothing(_ mode: Int?, _ octets: Int) {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let member = stage.join(VirtualMember(2, format("mode-set=0,7")))
    member.ask(forMode: mode)
    stage.run(seconds: 1)
    #expect(sizes(member) == [octets])
  }

  @Test func aTalkersOwnEncoderObeysToo() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let member = stage.join(VirtualMember(2, format("octet-align=1"), voice: Sound.tone(1_471)))
    stage.run(seconds: 1)
    #expect(sizes(member) == [33])
    member.ask(forMode: 0)
    stage.run(seconds: 1)
    #expect(sizes(member) == [14])
    #expect(member.level(of: 713, last: 0.5) > -20)
  }

  /// Each change may cost an encoder.
  @Test func aPeerWhoCannotDecideChangesNotMoreThanTenTimesASecond() {
    let stage = Stage()
    stage.join(VirtualMember(1, .pcmu, voice: Sound.tone(713)))
    let member = stage.join(VirtualMember(2, .amr))
    stage.join(VirtualMember(3, .amr))
    stage.run(ticks: 100) { member.ask(forMode: $0 % 2 == 0 ? 0 : 5) }
    let counts = member.heard.packets.map(\.count)
    let changes = zip(counts, counts.dropFirst()).filter { $0 != $1 }.count
    #expect((2...20).contains(changes), "\(changes)")
    #expect(member.heard.sequenceBreaks == 0)
  }
}

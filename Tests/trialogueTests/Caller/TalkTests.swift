import Primitives
import Testing

@testable import trialogue

/// Who speaks when.
@Suite struct TalkTests {
  /// Which of so many packets are speech.
  private func spoken(_ talk: Talk, packets: Int, voice: Int, seed: UInt64 = 1) -> [Bool] {
    var talk = talk
    var random = RandomSource.seeded(seed)
    var position = 0
    return (0..<packets).map { _ in
      let speaks = talk.next(position: position, of: voice, random: &random)
      if speaks { position += 1 }
      return speaks
    }
  }

  @Test func silenceIsSilentAndSpeechWithoutEndHasNone() {
    #expect(!spoken(.never, packets: 500, voice: 10).contains(true))
    #expect(!spoken(.always, packets: 500, voice: 10).contains(false))
  }

  @Test func onceIsOnce() {
    #expect(spoken(.once, packets: 30, voice: 10) == (0..<30).map { $0 < 10 })
  }

  @Test func aConversationHasTwoFifthsOfSpeechInSpurts() {
    var random = RandomSource.seeded(3)
    var share = 0.0
    var lengths: [Bool: [Int]] = [:]
    for seed in 0..<20 {
      let packets = spoken(.conversation(random: &random), packets: 20_000, voice: 500, seed: UInt64(seed))
      share += Double(packets.count { $0 }) / 20_000 / 20
      var run = 1
      for (last, next) in zip(packets, packets.dropFirst()) {
        if last == next {
          run += 1
        } else {
          lengths[last, default: []].append(run)
          run = 1
        }
      }
    }
    #expect((0.37...0.43).contains(share), "\(share)")
    func mean(_ values: [Int]?) -> Double { Double((values ?? []).reduce(0, +)) / Double(max(1, values?.count ?? 0)) }
    #expect((55...65).contains(mean(lengths[true])), "spurts of \(mean(lengths[true])) packets")
    #expect((82...98).contains(mean(lengths[false])), "pauses of \(mean(lengths[false])) packets")
  }

  @Test func conversationsBeginInTheirMiddle() {
    var random = RandomSource.seeded(11)
    let talking = (0..<1_000).count { _ in
      if case .conversation(let isTalking, _) = Talk.conversation(random: &random) { isTalking } else { false }
    }
    #expect((350...450).contains(talking))
  }

  @Test func patternsAreReadAndPrinted() {
    #expect(TalkPattern("all") == .everyone && TalkPattern("conv") == .conversation && TalkPattern("3") == .first(3))
    for text in ["", "some", "-1", "3.5", "1000001", " 3"] { #expect(TalkPattern(text) == nil) }
    for text in ["all", "conv", "0", "17"] { #expect(TalkPattern(text)?.description == text) }
  }

  @Test func thePatternSaysWhoEverSpeaks() {
    var random = RandomSource.seeded(1)
    func speakers(_ pattern: TalkPattern) -> Int {
      (0..<10).count { pattern.talk(member: $0, random: &random).isEver }
    }
    #expect(speakers(.everyone) == 10 && speakers(.conversation) == 10)
    #expect(speakers(.first(3)) == 3 && speakers(.first(0)) == 0 && speakers(.first(50)) == 10)
  }
}

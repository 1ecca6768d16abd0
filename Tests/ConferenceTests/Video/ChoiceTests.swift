import Primitives
import RTP
import Testing

@testable import Conference

/// Who is seen, and in which layers.
@Suite struct ChoiceTests {
  private func at(_ milliseconds: Int64) -> Instant { Instant.zero.advanced(byMilliseconds: milliseconds) }

  @Test func aCoughDoesNotTakeThePicture() {
    var speaker = ActiveSpeaker()
    speaker.talk(LegID(1), isTalking: true, at: at(0))
    #expect(speaker.deadline == at(800))
    #expect(speaker.timeout(at: at(799)) == nil)
    #expect(speaker.timeout(at: at(800)) == LegID(1))
    speaker.talk(LegID(1), isTalking: false, at: at(3_000))
    speaker.talk(LegID(2), isTalking: true, at: at(3_100))
    speaker.talk(LegID(2), isTalking: false, at: at(3_400))
    #expect(speaker.timeout(at: at(9_000)) == nil && speaker.chosen == LegID(1))
    // A short pause in speech counts as speech.
    speaker.talk(LegID(2), isTalking: true, at: at(10_000))
    speaker.talk(LegID(2), isTalking: false, at: at(10_400))
    speaker.talk(LegID(2), isTalking: true, at: at(10_600))
    #expect(speaker.timeout(at: at(10_850)) == LegID(2))
    // Whoever has it and talks keeps it; and it stays at least two seconds.
    speaker.talk(LegID(3), isTalking: true, at: at(10_900))
    #expect(speaker.timeout(at: at(20_000)) == nil)
    speaker.talk(LegID(2), isTalking: false, at: at(20_000))
    #expect(speaker.timeout(at: at(20_000)) == LegID(3))
    speaker.talk(LegID(1), isTalking: true, at: at(20_010))
    speaker.talk(LegID(3), isTalking: false, at: at(20_020))
    #expect(speaker.timeout(at: at(21_500)) == nil)
    #expect(speaker.timeout(at: at(22_000)) == LegID(1))
    speaker.remove(LegID(1))
    #expect(speaker.chosen == nil)
  }

  @Test func theLastSpeakersAreSeenAndDoNotDance() {
    var last = LastN(limit: 3)
    for leg in 1...6 { last.add(LegID(UInt64(leg))) }
    #expect(last.visible(to: LegID(9)) == [LegID(1), LegID(2), LegID(3)])
    last.speak(LegID(2))
    #expect(last.visible(to: LegID(9)) == [LegID(1), LegID(2), LegID(3)])
    last.speak(LegID(6))
    #expect(last.visible(to: LegID(9)) == [LegID(6), LegID(1), LegID(2)])
    #expect(last.visible(to: LegID(6)) == [LegID(1), LegID(2), LegID(3)])
    last.pinned = [LegID(5)]
    #expect(last.visible(to: LegID(9)) == [LegID(5), LegID(6), LegID(1)])
    last.remove(LegID(5))
    #expect(last.visible(to: LegID(9)) == [LegID(6), LegID(1), LegID(2)])
  }

  @Test func theBigPictureComesFirstAndTheRestPauses() {
    let rates = [150_000, 500_000, 1_700_000]
    let big = VideoAllocation.Wish(bitrates: rates, highest: 2, isBig: true)
    let small = VideoAllocation.Wish(bitrates: rates, highest: 0)
    let all = VideoAllocation.share(5_000_000, among: [small, big, small])
    #expect(all == [.init(stream: 0, temporal: 2), .init(stream: 2, temporal: 2), .init(stream: 0, temporal: 2)])
    let narrow = VideoAllocation.share(300_000, among: [small, big, small])
    #expect(narrow[1] == .init(stream: 0, temporal: 1))
    #expect(narrow[0] == .init(stream: 0, temporal: 0) && narrow[2] == .init(stream: 0, temporal: 0))
    let tiny = VideoAllocation.share(100_000, among: [small, big, small])
    #expect(tiny == [nil, .init(stream: 0, temporal: 0), nil])
    #expect(VideoAllocation.share(0, among: [big]) == [nil])
    #expect(VideoAllocation.share(.max, among: [.init(bitrates: [.max, 0], highest: .max - 1)]).count == 1)
  }

  /// Of 500 kbit/s a quarter of the frames would cost 275: less than the smaller picture in whole.
  @Test func aSmallerPictureThatMovesIsWorthMoreThanALargeOneThatDoesNot() {
    let wish = VideoAllocation.Wish(bitrates: [300_000, 500_000, 1_700_000], highest: 2, isBig: true)
    #expect(VideoAllocation.share(310_000, among: [wish]) == [.init(stream: 0, temporal: 2)])
    #expect(VideoAllocation.share(374_000, among: [wish]) == [.init(stream: 0, temporal: 2)])
    #expect(VideoAllocation.share(376_000, among: [wish]) == [.init(stream: 1, temporal: 1)])
    // All frames of the middle picture rather than half of the large one's.
    #expect(VideoAllocation.share(1_600_000, among: [wish]) == [.init(stream: 1, temporal: 2)])
    #expect(VideoAllocation.share(1_700_000, among: [wish]) == [.init(stream: 2, temporal: 2)])
    // Where only the large one is sent, its base layer is better than nothing.
    let only = VideoAllocation.Wish(bitrates: [0, 0, 1_700_000], highest: 2, isBig: true)
    #expect(VideoAllocation.share(1_000_000, among: [only]) == [.init(stream: 2, temporal: 0)])
    #expect(VideoAllocation.share(1_700_000, among: [only]) == [.init(stream: 2, temporal: 2)])
  }

  @Test func aViewGoesUpOnlyWithRoomToSpare() {
    func wish(_ current: LayerSelector.Layers) -> VideoAllocation.Wish {
      VideoAllocation.Wish(bitrates: [150_000, 500_000], highest: 1, isBig: true, current: current)
    }
    let low = LayerSelector.Layers(stream: 0, temporal: 2)
    let high = LayerSelector.Layers(stream: 1, temporal: 2)
    #expect(VideoAllocation.share(520_000, among: [wish(high)]) == [high])
    #expect(VideoAllocation.share(520_000, among: [wish(low)]) == [.init(stream: 1, temporal: 1)])
    #expect(VideoAllocation.share(551_000, among: [wish(low)]) == [high])
  }

  @Test func whatIsSharedNeverExceedsTheBandwidth() {
    var random = RandomSource.seeded(8)
    for _ in 0..<500 {
      let wishes = (0..<Int(random.next() % 12)).map { index in
        let base = 50_000 + Int(random.next() % 200_000)
        return VideoAllocation.Wish(
          bitrates: [base, base * 3, random.next() & 1 == 0 ? 0 : base * 10], highest: Int(random.next() % 3),
          isBig: index == 0)
      }
      let total = Int(random.next() % 6_000_000)
      let layers = VideoAllocation.share(total, among: wishes)
      var used = 0
      for (wish, layer) in zip(wishes, layers) {
        guard let layer else { continue }
        #expect(layer.stream <= wish.highest)
        used += wish.bitrates[layer.stream] * VideoAllocation.temporalShares[Int(layer.temporal)] / 100
      }
      #expect(used <= total)
    }
  }

  @Test func layersGoUpWhereTheyMayAndDownAtOnce() {
    var selector = LayerSelector()
    func mark(_ temporal: UInt8, key: Bool = false, sync: Bool = false) -> FrameMark {
      FrameMark(
        startsFrame: true, startsKeyFrame: key, temporalLayer: temporal, temporalSwitch: sync ? .toThisLayer : .none)
    }
    #expect(selector.decide(stream: 0, mark: mark(0, key: true), isNewest: true) == .drop)
    selector.want(.init(stream: 1, temporal: 0))
    #expect(selector.awaited == 1)
    #expect(selector.decide(stream: 1, mark: mark(0), isNewest: true) == .drop)
    // The smaller stream is better than nothing; the larger one waits for its key frame.
    #expect(selector.decide(stream: 0, mark: mark(0, key: true), isNewest: true) == .begin)
    // Meanwhile it goes whole: it costs less than what is wanted.
    #expect(selector.decide(stream: 0, mark: mark(2), isNewest: true) == .forward)
    #expect(selector.decide(stream: 1, mark: mark(0), isNewest: true) == .drop)
    #expect(selector.decide(stream: 1, mark: mark(0, key: true), isNewest: true) == .begin)
    #expect(selector.awaited == nil)
    #expect(selector.decide(stream: 1, mark: mark(2, sync: true), isNewest: true) == .drop)
    selector.want(.init(stream: 1, temporal: 2))
    #expect(selector.decide(stream: 1, mark: mark(2, sync: true), isNewest: true) == .drop)
    #expect(selector.decide(stream: 1, mark: mark(1), isNewest: true) == .drop)
    #expect(selector.decide(stream: 1, mark: mark(1, sync: true), isNewest: true) == .forward)
    #expect(selector.decide(stream: 1, mark: mark(2, sync: true), isNewest: true) == .forward)
    // Down: the base layer only at once, the smaller stream with its key frame.
    selector.want(.init(stream: 0, temporal: 2))
    #expect(selector.decide(stream: 1, mark: mark(1), isNewest: true) == .drop)
    #expect(selector.decide(stream: 1, mark: mark(0), isNewest: true) == .forward)
    #expect(selector.decide(stream: 0, mark: mark(0, key: true), isNewest: true) == .begin)
    selector.want(nil)
    #expect(selector.decide(stream: 0, mark: mark(0, key: true), isNewest: true) == .drop)
  }
}

import Codecs
import Primitives
import Testing

@testable import Conference

/// Opus encoders try as hard as the load of their loop allows.
@Suite struct OpusComplexityTests {
  /// A second for each load; what the complexity is after each.
  static func follow(_ loads: [Double], maximum: Double = 0.6) -> [Int] {
    var complexity = OpusComplexity(maximumLoad: maximum)
    var now = Instant(nanoseconds: 5_000_000_000)
    return loads.map { load in
      now = now.advanced(byMilliseconds: 1_000)
      let former = complexity.value
      #expect(complexity.follow(load: load, at: now) == (complexity.value != former))
      return complexity.value
    }
  }

  @Test func anIdleCoreLeadsToTheBestInSteps() {
    let values = Self.follow(Array(repeating: 0.1, count: 40))
    #expect(values.first == 5 && values.last == 8)
    #expect(Array(values[9...10]) == [5, 7] && Array(values[19...20]) == [7, 8])
  }

  @Test func aBusyCoreGivesUpAStepEachSecond() {
    #expect(Self.follow([0.5, 0.5, 0.5, 0.5]) == [3, 1, 0, 0])
    #expect(Self.follow([0.7, 1, 7, .infinity]) == [3, 1, 0, 0])
  }

  @Test func betweenLittleAndTooMuchNothingChanges() {
    #expect(Set(Self.follow(Array(repeating: 0.35, count: 60))) == [5])
    // The load at which calls are refused counts, not the core alone.
    #expect(Self.follow([0.35], maximum: 0.4) == [3])
    #expect(Self.follow([0.7], maximum: 1) == [5])
  }

  @Test func aShortPauseIsNoReasonToTryHarder() {
    let loads = (0..<60).map { $0 % 8 == 7 ? 0.35 : 0.05 }
    #expect(Set(Self.follow(loads)) == [5])
  }

  /// A load that comes from the encoders themselves: what a level costs in libopus 1.3, in microseconds of a frame at 48 kHz.
  @Test(arguments: [100, 800, 1_100, 1_500, 2_000, 3_000, 5_000])
  func aLoadOfEncodersAloneComesToRest(streams: Int) {
    let costs = [0: 57.0, 1: 68, 3: 95, 5: 119, 7: 166, 8: 216]
    var complexity = OpusComplexity(maximumLoad: 0.6)
    var now = Instant(nanoseconds: 0)
    var changes: [Int] = []
    var load = 0.0
    for second in 0..<300 {
      load = Double(streams) * (costs[complexity.value] ?? 0) / 20_000 / 20
      now = now.advanced(byMilliseconds: 1_000)
      if complexity.follow(load: load, at: now) { changes.append(second) }
    }
    #expect(changes.count <= 5 && changes.allSatisfy { $0 < 30 }, "\(changes)")
    #expect(load < 0.6 || complexity.value == 0)
  }

  @Test func aRoomFollowsUnlessItsPlanSaysHowHardToTry() {
    let stage = Stage(RoomPlan(opusComplexity: nil))
    #expect(stage.room.encoderSettings.complexity == 5)
    stage.room.adopt(complexity: 1)
    #expect(stage.room.encoderSettings.complexity == 1)
    stage.apply(.setPlan(RoomPlan(opusComplexity: 3)))
    stage.room.adopt(complexity: 8)
    #expect(stage.room.encoderSettings.complexity == 3)
    stage.apply(.setPlan(RoomPlan(opusComplexity: nil)))
    #expect(stage.room.encoderSettings.complexity == 8)
  }

  /// What the listener gets from the room, with a change of the load's mind after a second.
  static func heard(_ plan: RoomPlan, then complexity: Int) -> VirtualMember {
    let stage = Stage(plan)
    stage.join(VirtualMember(1, .l16(48_000), voice: Sound.bursts(713, on: 0.3, off: 0.1), packetTime: 10))
    let listener = stage.join(VirtualMember(2, .opus))
    stage.run(seconds: 1)
    stage.room.adopt(complexity: complexity)
    stage.run(seconds: 1)
    return listener
  }

  @Test func encodersThatRunChangeAtOnceAndNothingIsHeardOfIt() {
    let steady = Self.heard(RoomPlan(opusComplexity: nil), then: 5)
    let changed = Self.heard(RoomPlan(opusComplexity: nil), then: 0)
    let pinned = Self.heard(RoomPlan(opusComplexity: 5), then: 0)
    #expect(pinned.heardPayloads == steady.heardPayloads)
    let same = zip(steady.heardPayloads, changed.heardPayloads).prefix { $0 == $1 }.count
    #expect((45...52).contains(same) && changed.heardPayloads.count == steady.heardPayloads.count, "\(same)")
    #expect(changed.heard.sequenceBreaks == 0)
    func level(_ member: VirtualMember) -> Double { Sound.power(member.heard.last(0.8)) }
    #expect(abs(level(changed) - level(steady)) < 0.5)
  }
}

import Conference
import Primitives
import Testing

@testable import Runtime

@Suite struct AlarmBellTests {
  static func at(_ milliseconds: Int64) -> Instant { Instant.zero.advanced(byMilliseconds: milliseconds) }
  static let failure = FileAlarm.writeFailed(file: "a", reason: "no space", spilled: false)

  static func rung(_ body: (AlarmBell) -> Void) async -> [FileAlarm] {
    let (stream, continuation) = AsyncStream.makeStream(of: FileAlarm.self)
    let bell = AlarmBell(continuation)
    body(bell)
    bell.finish()
    return await stream.reduce(into: []) { $0.append($1) }
  }

  @Test func theSameTroubleIsToldOnceASecond() async {
    let rung = await Self.rung { bell in
      for step in 0..<30 { bell.ring(Self.failure, at: Self.at(Int64(step) * 100)) }
    }
    #expect(rung == [Self.failure, Self.failure, Self.failure])
  }

  @Test func theEndOfTroubleIsToldOnceAfterAWhile() async {
    let rung = await Self.rung { bell in
      bell.written(at: Self.at(0))
      bell.ring(Self.failure, at: Self.at(1_000))
      bell.ring(.stalled, at: Self.at(2_000))
      for second in 3...9 { bell.written(at: Self.at(Int64(second) * 1_000)) }
    }
    #expect(rung == [Self.failure, .stalled, .writeRecovered])
  }

  @Test func newTroubleAfterTheEndIsToldAtOnce() async {
    let rung = await Self.rung { bell in
      bell.ring(Self.failure, at: Self.at(0))
      bell.written(at: Self.at(3_500))
      bell.ring(Self.failure, at: Self.at(3_600))
    }
    #expect(rung == [Self.failure, .writeRecovered, Self.failure])
  }
}

import Conference
import Foundation
import Primitives
import Testing

@testable import Runtime

@Suite struct ClockRelationTests {
  @Test func agreesWithTheTimeOfDay() {
    let relation = ClockRelation.read()
    let seconds = Double(relation.unixNanoseconds(at: MonotonicClock.now)) / 1e9
    #expect(abs(seconds - Date().timeIntervalSince1970) < 0.5)
  }

  @Test func countsNTPSecondsFrom1900() {
    // 2026-01-01 00:00:00.5 UTC at monotonic time 10 s.
    let relation = ClockRelation(offset: 1_767_225_600_500_000_000 - 10_000_000_000)
    let ntp = relation.wallClock.ntp(at: Instant(nanoseconds: 10_000_000_000))
    #expect(ntp >> 32 == 3_976_214_400)
    #expect(abs(Double(ntp & 0xFFFF_FFFF) / 4_294_967_296 - 0.5) < 1e-6)
  }

  @Test func wallTimeAndBackIsTheSameInstant() {
    let relation = ClockRelation(offset: 123_456_789)
    let instant = Instant(nanoseconds: 42)
    #expect(relation.instant(unixNanoseconds: relation.unixNanoseconds(at: instant)) == instant)
  }
}

@Suite struct MailboxTests {
  @Test func keepsTheOrderOfOneSenderAndLosesNothing() async {
    let mailbox = Mailbox<(Int, Int)>()
    await withTaskGroup(of: Void.self) { group in
      for sender in 0..<4 {
        group.addTask { for number in 0..<5_000 { mailbox.post((sender, number)) } }
      }
      var next = [0, 0, 0, 0]
      var messages: [(Int, Int)] = []
      while next.reduce(0, +) < 20_000 {
        mailbox.collect(into: &messages)
        for (sender, number) in messages {
          #expect(number == next[sender])
          next[sender] = number + 1
        }
        messages.removeAll(keepingCapacity: true)
        await Task.yield()
      }
    }
  }
}

import Conference
import Testing

@testable import Runtime

@Suite struct WriterQueueTests {
  static let id = RecordingID("r1")
  static let mix = RecordingFile(recording: id, index: 0)
  static let track = RecordingFile(recording: id, index: 1)
  static let room = RoomID(1)

  private func entries(_ queue: WriterQueue) -> [WriterQueue.Entry] {
    var entries: [WriterQueue.Entry] = []
    queue.collect(into: &entries)
    return entries
  }

  @Test func whatDoesNotFitIsCountedAndTheNextStepCarriesTheCount() {
    let queue = WriterQueue(capacity: 100)
    #expect(queue.append(.append(Self.mix, Array(repeating: 1, count: 60)), room: Self.room) == 0)
    #expect(queue.append(.append(Self.mix, Array(repeating: 2, count: 60)), room: Self.room) == 60)
    // Silence after a gap joins the gap.
    #expect(queue.append(.zeros(Self.mix, 40), room: Self.room) == 0)
    #expect(queue.append(.append(Self.track, Array(repeating: 3, count: 30)), room: Self.room) == 0)
    #expect(entries(queue).map(\.droppedBefore) == [0, 0])
    #expect(queue.append(.append(Self.mix, Array(repeating: 4, count: 60)), room: Self.room) == 0)
    #expect(entries(queue).map(\.droppedBefore) == [100])
  }

  @Test func theEndOfARecordingBringsTheCountsOfItsFiles() {
    let queue = WriterQueue(capacity: 10)
    #expect(queue.append(.append(Self.mix, Array(repeating: 2, count: 60)), room: Self.room) == 60)
    _ = queue.append(.finish(Self.id, files: []), room: Self.room)
    let all = entries(queue)
    #expect(all.count == 2)
    #expect(all.first?.droppedBefore == 60)
    guard case .finish = all.last?.write else {
      Issue.record("the end stands last")
      return
    }
  }

  @Test func aHangingDiskMakesNothingGrow() {
    let queue = WriterQueue(capacity: 1_000)
    for _ in 0..<100_000 {
      _ = queue.append(.append(Self.mix, Array(repeating: 2, count: 100)), room: Self.room)
      _ = queue.append(.zeros(Self.mix, 40), room: Self.room)
      _ = queue.append(.patch(Self.mix, offset: 0, octets: Array(repeating: 0, count: 44)), room: Self.room)
    }
    #expect(entries(queue).count < 100)
  }
}

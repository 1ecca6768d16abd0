import Application
import Testing

/// Events for those who listen, and for those who come back.
@Suite struct EventHubTests {
  private let hub = EventHub(clock: VirtualTime(), first: 100)

  private func emit(_ count: Int) async { for _ in 0..<count { await hub.emit("x", [:]) } }

  /// What a listener has got up to now.
  private func take(_ stream: AsyncStream<ServerEvent>) async -> [ServerEvent] {
    await hub.emit("end", [:])
    var events: [ServerEvent] = []
    for await event in stream {
      if event.name == "end" { break }
      events.append(event)
    }
    return events
  }

  @Test func aNewListenerHearsWhatComes() async {
    await emit(3)
    let stream = await hub.listen()
    await emit(2)
    #expect(await take(stream).map(\.id) == [103, 104])
  }

  @Test func whoComesBackGetsWhatItMissedAndThenWhatComes() async {
    await emit(5)
    let stream = await hub.listen(after: 101)
    await emit(1)
    #expect(await take(stream).map(\.id) == [102, 103, 104, 105])
  }

  @Test func whoHasMissedNothingIsToldNothing() async {
    await emit(5)
    let stream = await hub.listen(after: 104)
    #expect(await take(stream).isEmpty)
    let fresh = EventHub(clock: VirtualTime(), first: 100)
    let first = await fresh.listen(after: 99)
    await fresh.emit("x", [:])
    var iterator = first.makeAsyncIterator()
    #expect(await iterator.next()?.id == 100)
  }

  /// Of an earlier run, or of none: all that is kept comes behind a gap.
  @Test(arguments: [UInt64(0), 5, 98, 105, 9_000, .max]) func anUnknownEventMeansAGap(_ after: UInt64) async {
    await emit(5)
    let stream = await hub.listen(after: after)
    await emit(1)
    let events = await take(stream)
    #expect(events.first == .gap(before: 100, time: events.first?.time ?? ""))
    #expect(events.map(\.id) == [99, 100, 101, 102, 103, 104, 105])
    #expect(events.first?.values == ["next": "100"])
  }

  @Test func whatIsTooLongAgoMeansAGapAndMemoryIsBounded() async {
    await emit(4 * EventHub.kept)
    let last = 99 + 4 * UInt64(EventHub.kept)
    let stream = await hub.listen(after: 100)
    let events = await take(stream)
    #expect(events.first?.name == "gap" && events.last?.id == last)
    #expect((EventHub.kept...2 * EventHub.kept).contains(events.count - 1))
    // It comes back where it broke off.
    #expect(events.first.map { $0.id + 1 } == events.dropFirst().first?.id)
    let recent = await hub.listen(after: last + 1 - UInt64(EventHub.kept))
    #expect(await take(recent).first?.name == "x")
  }
}

import Primitives

/// What callers will do later, evenly spaced.
struct Agenda: Sendable {
  enum Item: Sendable {
    case place(CallerOrder)
    case hangUp(CallerID)
  }

  private var entries: [(at: Instant, item: Item)] = []
  private var position = 0
  /// When the last entry is due.
  private var end = Instant.zero

  mutating func add(_ orders: [CallerOrder], interval: Duration, at now: Instant) {
    append(orders.map { .place($0) }, interval, now)
  }

  mutating func hangUp(_ ids: [CallerID], interval: Duration, at now: Instant) {
    append(ids.map { .hangUp($0) }, interval, now)
  }

  /// The next item that is due.
  mutating func next(at now: Instant) -> Item? {
    guard position < entries.count, entries[position].at <= now else {
      if position == entries.count {
        entries.removeAll(keepingCapacity: true)
        position = 0
      }
      return nil
    }
    position += 1
    return entries[position - 1].item
  }

  private mutating func append(_ items: [Item], _ interval: Duration, _ now: Instant) {
    var time = max(now, end)
    for item in items {
      entries.append((time, item))
      time = time + interval
    }
    end = time
  }
}

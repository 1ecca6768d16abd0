import Primitives

/// A binary heap of deadlines with keys; entries that no longer hold are skipped by the owner when they come up.
package struct DeadlineQueue<Key: Hashable & Sendable>: Sendable {
  package struct Entry: Sendable {
    package var at: Instant
    package var key: Key
  }

  private var heap: [Entry] = []

  package init() {}

  package var count: Int { heap.count }
  package var first: Entry? { heap.first }

  package mutating func insert(_ key: Key, at: Instant) {
    heap.append(Entry(at: at, key: key))
    siftUp(from: heap.count - 1)
  }

  /// Takes the entry with the soonest deadline out.
  package mutating func popFirst() -> Entry? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      heap[0] = last
      siftDown(from: 0)
    }
    return first
  }

  /// Throws out what `isCurrent` denies, so that stale entries cannot pile up.
  package mutating func compact(keeping isCurrent: (Entry) -> Bool) {
    let kept = heap.filter(isCurrent)
    heap.removeAll(keepingCapacity: true)
    for entry in kept { insert(entry.key, at: entry.at) }
  }

  private mutating func siftUp(from start: Int) {
    var index = start
    while index > 0 {
      let parent = (index - 1) / 2
      guard heap[index].at < heap[parent].at else { return }
      heap.swapAt(index, parent)
      index = parent
    }
  }

  private mutating func siftDown(from start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2] where child < heap.count && heap[child].at < heap[least].at {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}

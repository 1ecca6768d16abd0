/// Where the octets of a sealed file's content are: which records hold them, the later one where two do.
struct SealedExtents: Sendable {
  struct Extent: Hashable, Sendable {
    /// Of the record in the file.
    var position: Int64
    var record: SealedRecord
    /// Octets from the record's first one on that count.
    var visible: Int

    var start: Int64 { record.offset }
    var end: Int64 { record.offset &+ Int64(visible) }
  }

  /// Octets of the content.
  private(set) var size: Int64 = 0
  /// What was appended, by its offset; and what was written over something, oldest first.
  private var appended: [Extent] = []
  private var patches: [Extent] = []

  mutating func add(_ record: SealedRecord, at position: Int64) {
    let extent = Extent(position: position, record: record, visible: record.count)
    guard record.count > 0 else { return }
    size = max(size, extent.end)
    if (appended.last?.end ?? 0) <= extent.start { return appended.append(extent) }
    // The header of a recording is written over once a second: only the last one counts.
    patches.removeAll { extent.start <= $0.start && $0.end <= extent.end }
    patches.append(extent)
  }

  /// Cuts the content, or lengthens it by zeros.
  mutating func truncate(to size: Int64) {
    if size < self.size {
      Self.cut(&appended, at: size)
      Self.cut(&patches, at: size)
    }
    self.size = size
  }

  private static func cut(_ extents: inout [Extent], at size: Int64) {
    extents.removeAll { $0.start >= size }
    for index in extents.indices where extents[index].end > size {
      extents[index].visible = Int(size &- extents[index].start)
    }
  }

  /// What holds octets of a range, in the order in which they were written.
  func overlapping(_ range: Range<Int64>) -> [Extent] {
    var low = 0
    var high = appended.count
    while low < high {
      let middle = (low + high) / 2
      if appended[middle].end <= range.lowerBound { low = middle + 1 } else { high = middle }
    }
    var found: [Extent] = []
    while low < appended.count, appended[low].start < range.upperBound {
      found.append(appended[low])
      low += 1
    }
    let over = patches.filter { $0.start < range.upperBound && $0.end > range.lowerBound }
    if over.isEmpty { return found }
    return (found + over).sorted { $0.record.number < $1.record.number }
  }
}

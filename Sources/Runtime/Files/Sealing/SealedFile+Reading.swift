import Crypto
import Synchronization

/// How a sealed file is opened and read.
extension SealedFile {
  /// Opens a file that was closed, or, `recovering`, one that was not: up to its last whole record.
  static func open(
    _ file: OpenFile, name: String, header: [UInt8], keys: ArchiveKeys, recovering: Bool
  ) throws(SystemError) -> SealedFile {
    let key = try SealedHeader.open(header, of: name, keys: keys)
    let state = try scan(file, key: key, end: file.size, isChecking: recovering)
    guard recovering || (state.isClosed && state.end == file.size) else {
      throw SystemError.altered("read \(name) to its end")
    }
    return SealedFile(file: file, name: name, key: key, state: state)
  }

  /// Reads the heads of the records up to `end`, or up to the first that is none. `isChecking`: opens every record, as the
  /// last ones after a crash may be anything; else only those that say how long the content is.
  private static func scan(
    _ file: OpenFile, key: SymmetricKey, end: Int64, isChecking: Bool
  ) throws(SystemError) -> State {
    var state = State(end: Int64(SealedHeader.count))
    var extents = SealedExtents()
    while state.end + Int64(SealedRecord.overhead) <= end {
      let head = try file.read(SealedRecord.headCount, at: state.end)
      guard let record = SealedRecord(head), record.number == state.number, state.end + record.length <= end else {
        break
      }
      if isChecking || record.kind != .octets {
        let heads = record.kind == .end ? Array(state.heads.finalize()) : []
        guard record.open(try file.read(Int(record.length), at: state.end), by: key, heads: heads) != nil else { break }
      }
      state.heads.update(data: record.authenticated)
      switch record.kind {
      case .octets: extents.add(record, at: state.end)
      case .length, .end: extents.truncate(to: record.offset)
      }
      state.isClosed = record.kind == .end
      state.end += record.length
      state.number += 1
    }
    state.size = extents.size
    state.extents = extents
    return state
  }

  /// Fills `buffer` from `offset` on. Returns how many octets there were: fewer only at the end of the content.
  func read(into buffer: inout [UInt8], at offset: Int64) throws(SystemError) -> Int {
    let (size, extents) = try state.withLock { state throws(SystemError) in
      let extents: SealedExtents
      if let known = state.extents {
        extents = known
      } else {
        extents = try Self.scan(file, key: key, end: state.end, isChecking: false).extents ?? SealedExtents()
        state.extents = extents
      }
      return (state.size, extents)
    }
    guard offset >= 0, offset < size else { return 0 }
    let count = Int(min(Int64(buffer.count), size - offset))
    for index in 0..<count { buffer[index] = 0 }
    let range = offset..<offset + Int64(count)
    for extent in extents.overlapping(range) {
      let sealed = try file.read(Int(extent.record.length), at: extent.position)
      guard let octets = extent.record.open(sealed, by: key) else {
        throw SystemError.altered("read \(name) at \(extent.start)")
      }
      let first = max(extent.start, range.lowerBound)
      let last = min(extent.end, range.upperBound)
      guard first < last else { continue }
      let source = Int(first - extent.start)..<Int(last - extent.start)
      let target = Int(first - offset)..<Int(last - offset)
      buffer.replaceSubrange(target, with: octets[source])
    }
    return count
  }

  // MARK: Octets that lie elsewhere for a while

  /// Seals octets that belong at `offset`, and that another file keeps meanwhile.
  func detached(_ octets: [UInt8], at offset: Int64) throws(SystemError) -> [UInt8] {
    let record = SealedRecord(.octets, count: octets.count, offset: offset, number: .max)
    return try record.seal(octets, by: key)
  }

  /// Opens them again; nil if they are not what was sealed.
  func attached(_ sealed: [UInt8], at offset: Int64) -> [UInt8]? {
    guard let record = SealedRecord(sealed), record.offset == offset, record.number == .max else { return nil }
    return record.open(sealed, by: key)
  }
}

import Crypto
import Synchronization

/// A file whose content is sealed: nobody reads or changes it without a key of the operator's.
///
/// It is a list of records behind a header, which only grows: nothing that is written is written over, so that a crash costs no more
/// than of a plain file, the record that was being written. A closed file ends with a record that says so. Reading finds
/// the records of a place by their heads, and opens those alone.
final class SealedFile: Sendable {
  struct State {
    /// Where the next record goes, and its number.
    var end: Int64
    var number: UInt64 = 0
    /// Octets of the content.
    var size: Int64 = 0
    var isClosed = false
    /// Of what all records so far begin with; the last one vouches for it.
    var heads = SHA256()
    /// Known as soon as somebody has read: a file that is only written keeps no list.
    var extents: SealedExtents?
  }

  let file: OpenFile
  /// For errors.
  let name: String
  let key: SymmetricKey
  let state: Mutex<State>

  init(file: OpenFile, name: String, key: SymmetricKey, state: State) {
    self.file = file
    self.name = name
    self.key = key
    self.state = Mutex(state)
  }

  /// Begins an empty file.
  convenience init(making file: OpenFile, name: String, sealedBy key: ArchiveKey) throws(SystemError) {
    let (own, header) = try SealedHeader.make(sealedBy: key)
    do throws(OpenFile.WriteError) { try file.write(header.span, at: 0) } catch { throw error.error }
    self.init(file: file, name: name, key: own, state: State(end: Int64(header.count)))
  }

  /// The whole of a small file.
  static func octets(_ content: [UInt8], sealedBy key: ArchiveKey) throws(SystemError) -> [UInt8] {
    let (own, header) = try SealedHeader.make(sealedBy: key)
    var octets = header
    var heads = SHA256()
    var number: UInt64 = 0
    for start in stride(from: 0, to: content.count, by: SealedRecord.maximumCount) {
      let piece = Array(content[start..<min(start + SealedRecord.maximumCount, content.count)])
      let record = SealedRecord(.octets, count: piece.count, offset: Int64(start), number: number)
      octets += try record.seal(piece, by: own)
      heads.update(data: record.authenticated)
      number += 1
    }
    let end = SealedRecord(.end, offset: Int64(content.count), number: number)
    return octets + (try end.seal([], by: own, heads: Array(heads.finalize())))
  }

  var size: Int64 { state.withLock(\.size) }

  /// Writes all octets at `offset`. The error tells how many are safe.
  func write(_ octets: [UInt8], at offset: Int64) throws(OpenFile.WriteError) {
    try state.withLock { state throws(OpenFile.WriteError) in
      var done = 0
      while done < octets.count {
        let piece = Array(octets[done..<min(done + SealedRecord.maximumCount, octets.count)])
        do throws(SystemError) {
          try append(.octets, piece, offset: offset &+ Int64(done), to: &state)
        } catch { throw OpenFile.WriteError(error: error, written: done) }
        done += piece.count
      }
    }
  }

  /// Cuts or lengthens the content; what is new reads as zeros and takes no space.
  func truncate(to size: Int64) throws(SystemError) {
    try state.withLock { state throws(SystemError) in
      guard size != state.size else { return }
      try append(.length, [], offset: size, to: &state)
    }
  }

  /// Says that nothing is missing.
  func close() throws(SystemError) {
    try state.withLock { state throws(SystemError) in
      guard !state.isClosed else { return }
      try append(.end, [], offset: state.size, to: &state)
      // What a crash or a full disk left of a record may be longer than what came in its place.
      try file.truncate(to: state.end)
    }
  }

  private func append(
    _ kind: SealedRecord.Kind, _ octets: [UInt8], offset: Int64, to state: inout State
  ) throws(SystemError) {
    let record = SealedRecord(kind, count: octets.count, offset: offset, number: state.number)
    let heads = kind == .end ? Array(state.heads.finalize()) : []
    let sealed = try record.seal(octets, by: key, heads: heads)
    do throws(OpenFile.WriteError) { try file.write(sealed.span, at: state.end) } catch { throw error.error }
    switch kind {
    case .octets:
      state.extents?.add(record, at: state.end)
      state.size = max(state.size, offset &+ Int64(octets.count))
    case .length, .end:
      state.extents?.truncate(to: offset)
      state.size = offset
    }
    state.heads.update(data: record.authenticated)
    state.end &+= Int64(sealed.count)
    state.number &+= 1
    state.isClosed = kind == .end
  }
}

import Primitives
import Synchronization

/// Octets of one recording file that its own disk refused, kept on another disk until they can be put in their place.
///
/// ```
/// "TRILSPL1" | length of path: 2 octets | path below the recordings root, with the file's name |
/// then for each piece: offset in the file: 8 octets | length: 8 octets | octets        (big-endian)
/// ```
/// The octets of a sealed file are sealed here, too, each piece for itself.
final class SpillFile: Sendable {
  static let magic = Array("TRILSPL1".utf8)
  static let suffix = ".spill"
  /// Longest path that is believed when a spill file is read.
  static let longestPath = 1_024

  let name: String
  private let directory: OpenDirectory
  private let file: OpenFile
  private let start: Int64
  private let end: Mutex<Int64>

  private init(name: String, directory: OpenDirectory, file: OpenFile, start: Int64, end: Int64) {
    self.name = name
    self.directory = directory
    self.file = file
    self.start = start
    self.end = Mutex(end)
  }

  /// Makes an empty spill file for the recording file at `path` below the recordings root.
  static func create(for path: String, in directory: OpenDirectory) -> SpillFile? {
    guard path.utf8.count <= longestPath else { return nil }
    let name = String(path.map { $0 == "/" ? "_" : $0 }) + suffix
    var head = ByteWriter(capacity: path.utf8.count + 10)
    head.write(magic)
    head.write(UInt16(path.utf8.count))
    head.write(path)
    do {
      let file = try directory.create(name)
      try file.write(head.bytes.span, at: 0)
      return SpillFile(
        name: name, directory: directory, file: file, start: Int64(head.count), end: Int64(head.count))
    } catch {
      return nil
    }
  }

  /// Opens a spill file that an earlier run left behind, and reads what it belongs to.
  static func open(_ name: String, in directory: OpenDirectory) -> (spill: SpillFile, path: String)? {
    do throws(SystemError) {
      let file = try directory.open(name)
      let head = try file.read(magic.count + 2 + longestPath, at: 0)
      guard head.count > magic.count + 2, Array(head[..<magic.count]) == magic else { return nil }
      let count = Int(head[magic.count]) << 8 | Int(head[magic.count + 1])
      let begin = magic.count + 2
      guard count > 0, head.count >= begin + count else { return nil }
      let path = String(decoding: head[begin..<begin + count], as: UTF8.self)
      let spill = SpillFile(
        name: name, directory: directory, file: file, start: Int64(begin + count), end: file.size)
      return (spill, path)
    } catch {
      return nil
    }
  }

  /// Keeps a piece; false if this disk refuses as well.
  func append(_ octets: [UInt8], offset: Int64) -> Bool {
    var piece = ByteWriter(capacity: octets.count + 16)
    piece.write(UInt64(bitPattern: offset))
    piece.write(UInt64(octets.count))
    piece.write(octets)
    return end.withLock { end in
      do throws(OpenFile.WriteError) {
        try file.write(piece.bytes.span, at: end)
        end &+= Int64(piece.count)
        return true
      } catch {
        return false
      }
    }
  }

  /// Writes every piece to its place. Returns how many octets found none.
  func merge(into target: ArchiveFile) -> Int64 {
    let end = end.withLock { $0 }
    var position = start
    var left: Int64 = 0
    while position &+ 16 <= end {
      guard let head = try? file.read(16, at: position), head.count == 16 else { break }
      let offset = Int64(bitPattern: SpillFile.number(head[0..<8]))
      let count = Int64(bitPattern: SpillFile.number(head[8..<16]))
      position &+= 16
      guard offset >= 0, count >= 0, count <= end &- position else { break }
      switch target {
      case .plain(let target): left &+= move(count, from: position, to: offset, of: target)
      case .sealed(let target): left &+= open(count, from: position, to: offset, of: target)
      }
      position &+= count
    }
    return left
  }

  func remove() { try? directory.remove(name) }

  private func move(_ count: Int64, from position: Int64, to offset: Int64, of target: OpenFile) -> Int64 {
    var done: Int64 = 0
    while done < count {
      let step = Int(min(count - done, 1 << 20))
      guard let octets = try? file.read(step, at: position + done), octets.count == step else { break }
      do throws(OpenFile.WriteError) { try target.write(octets.span, at: offset + done) } catch { break }
      done += Int64(step)
    }
    return count - done
  }

  private func open(_ count: Int64, from position: Int64, to offset: Int64, of target: SealedFile) -> Int64 {
    guard count <= SealedRecord.overhead + SealedRecord.maximumCount,
      let sealed = try? file.read(Int(count), at: position), let octets = target.attached(sealed, at: offset)
    else { return count }
    do throws(OpenFile.WriteError) { try target.write(octets, at: offset) } catch {
      return Int64(octets.count - error.written)
    }
    return 0
  }

  private static func number(_ octets: ArraySlice<UInt8>) -> UInt64 { octets.reduce(0) { $0 << 8 | UInt64($1) } }
}

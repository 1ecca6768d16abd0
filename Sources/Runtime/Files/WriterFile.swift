import Audio
import Conference

/// A file of a recording while it grows: `<name>.part`.
///
/// Octets are placed by their offset. What the disk refuses goes to the spill file under the same offset, or is counted as
/// dropped: in a WAV file it becomes a hole, which reads as silence of the right length; in a WebM file a hole that says how
/// long it is; in an Ogg file it is left out.
struct WriterFile: Sendable {
  static let suffix = ".part"

  let name: String
  let file: ArchiveFile
  let directory: OpenDirectory
  /// Where the next octets go, and how long the file is meant to be.
  private(set) var position: Int64 = 0
  private(set) var dropped: Int64 = 0
  /// Patches that the disk refused; tried again at the end.
  private(set) var patchesLeft: [Int64: [UInt8]] = [:]
  var spill: SpillFile?

  /// Makes `<name>.part` in the directory, sealed if there is a key.
  init(name: String, in directory: OpenDirectory, keys: ArchiveKeys) throws(SystemError) {
    self.name = name
    self.directory = directory
    file = try directory.create(name + WriterFile.suffix, keys: keys)
  }

  /// Dropped octets keep their place: as silence, or because positions in the file are counted on.
  private var keepsPlace: Bool { name.hasSuffix(".wav") || isFilm }
  private var isFilm: Bool { name.hasSuffix(".webm") }

  /// Counts octets that never came to the writer.
  mutating func lose(_ count: Int64) {
    dropped &+= count
    if keepsPlace { leaveLoss(count) }
  }

  /// Appends octets. A refusal is returned after the octets went to the spill file or were counted as dropped.
  mutating func append(_ octets: [UInt8], spilling: (String) -> SpillFile?) -> Refusal? {
    do throws(OpenFile.WriteError) {
      try file.write(octets, at: position)
      position &+= Int64(octets.count)
      return nil
    } catch {
      if spill == nil { spill = spilling(name + WriterFile.suffix) }
      if let spill, keep(octets, in: spill) {
        leaveHole(Int64(octets.count))
        return Refusal(error: error.error, spilled: true)
      }
      if isFilm {
        dropped &+= Int64(octets.count)
        leaveLoss(Int64(octets.count))
      } else if keepsPlace {
        dropped &+= Int64(octets.count - error.written)
        leaveHole(Int64(octets.count))
      } else {
        dropped &+= Int64(octets.count)
      }
      return Refusal(error: error.error, spilled: false)
    }
  }

  /// In pieces that a record of a sealed file can hold.
  private func keep(_ octets: [UInt8], in spill: SpillFile) -> Bool {
    stride(from: 0, to: octets.count, by: SealedRecord.maximumCount).allSatisfy { start in
      let piece = Array(octets[start..<min(start + SealedRecord.maximumCount, octets.count)])
      let place = position &+ Int64(start)
      guard let kept = try? file.detached(piece, at: place) else { return false }
      return spill.append(kept, offset: place)
    }
  }

  /// Silence: a hole that takes no space.
  mutating func skip(_ count: Int64) { leaveHole(max(0, count)) }

  /// The file is as long as its header will say, also while what belongs here is elsewhere: players trust both or none.
  private mutating func leaveHole(_ count: Int64) {
    position &+= count
    // Takes no space, so a full disk does not refuse it; what else may be wrong shows at the end.
    try? file.truncate(to: position)
  }

  /// A hole in place of what is lost. Players of WebM pass over it when it begins with an element that says its length.
  private mutating func leaveLoss(_ count: Int64) {
    let start = position
    leaveHole(count)
    if isFilm, count > 1 { _ = patch(WebMWriter.filler(Int(clamping: count)), at: start) }
  }

  mutating func patch(_ octets: [UInt8], at offset: Int64) -> Refusal? {
    do throws(OpenFile.WriteError) {
      try file.write(octets, at: offset)
      patchesLeft[offset] = nil
      return nil
    } catch {
      patchesLeft[offset] = octets
      return Refusal(error: error.error, spilled: false)
    }
  }

  /// Brings the file to its meant length and back together with what was spilled; returns false if spilled octets found no
  /// place and stay where they are.
  mutating func complete() throws(SystemError) -> Bool {
    var isWhole = true
    if let spill {
      let left = spill.merge(into: file)
      dropped &+= left
      isWhole = left == 0
      if isWhole { spill.remove() }
    }
    for (offset, octets) in patchesLeft.sorted(by: { $0.key < $1.key }) {
      do throws(OpenFile.WriteError) { try file.write(octets, at: offset) } catch { throw error.error }
    }
    patchesLeft = [:]
    try file.truncate(to: position)
    return isWhole
  }

  /// What the disk would not take.
  struct Refusal {
    var error: SystemError
    var spilled: Bool
  }
}

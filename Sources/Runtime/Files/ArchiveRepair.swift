import Audio
import Conference

/// The start-up scan of the archive: what a crash or power cut left as `.part` becomes a file that any player opens.
///
/// Run it before the media plane starts: it takes every `.part` for abandoned.
package enum ArchiveRepair {
  /// What a file without a readable header is renamed to, so that it is kept and not tried again.
  static let unreadableSuffix = ".unreadable"
  /// How deep recordings lie at most: `YYYY/MM/DD/<id>` and some more.
  static let deepest = 8
  /// How much of an Ogg file's end is searched for its last whole page: a page has less than 64 KiB.
  static let tail = 256 << 10

  /// What the scan has found and done.
  package struct Report: Hashable, Sendable {
    package var recordings: [RepairedRecording] = []
    /// Paths below the root of files that hold no audio that can be saved.
    package var unreadable: [String] = []
    /// Paths of files that the disk did not let us repair, with its reason; they are tried again at the next start.
    package var failed: [String: String] = [:]
    /// Files that got octets back from the spill directory.
    package var unspilled: [String] = []
    /// Directories below the root that hold a mix and no `peaks.json`.
    package var withoutPeaks: [String] = []
  }

  /// Repairs everything below `root`. `spill` is the spill directory, if there is one. Blocks.
  package static func run(
    root path: String, spill spillPath: String? = nil, keys: ArchiveKeys = .none
  ) throws(SystemError) -> Report {
    let root = try OpenDirectory(root: path)
    var report = Report()
    var restored: Set<String> = []
    if let spillPath { restored = restore(from: try OpenDirectory(root: spillPath), root: root, keys, &report) }
    try scan(root, path: "", depth: 0, restored: restored, keys, &report)
    return report
  }

  /// The finished audio files in a directory below `root`, as a recording's entry tells of them; none where none can be read.
  package static func inspect(
    root path: String, directory name: String, keys: ArchiveKeys = .none
  ) -> [RecordedFile] {
    guard let root = try? OpenDirectory(root: path), let directory = try? root.directory(name, create: false),
      let names = try? directory.list().files
    else { return [] }
    return names.sorted().compactMap { name in
      guard isAudio(name) else { return nil }
      return try? repair(name, as: name, in: directory, keys)
    }
  }

  private static func isAudio(_ name: String) -> Bool { [".wav", ".opus", ".webm"].contains(where: name.hasSuffix) }

  /// Puts spilled octets in their place. Returns paths of finished files that this has changed.
  private static func restore(
    from spill: OpenDirectory, root: OpenDirectory, _ keys: ArchiveKeys, _ report: inout Report
  ) -> Set<String> {
    var changed: Set<String> = []
    guard let names = try? spill.list().files else { return [] }
    for name in names where name.hasSuffix(SpillFile.suffix) {
      guard let (file, path) = SpillFile.open(name, in: spill) else { continue }
      let parts = path.split(separator: "/")
      guard let last = parts.last, last.hasSuffix(WriterFile.suffix) else { continue }
      let finished = String(last.dropLast(WriterFile.suffix.count))
      do throws(SystemError) {
        let directory = try root.directory(parts.dropLast().joined(separator: "/"), create: false)
        // Still unfinished, or finished without these octets.
        let target: ArchiveFile
        do throws(SystemError) { target = try directory.open(String(last), keys: keys, recovering: true) } catch {
          target = try directory.open(finished, keys: keys, recovering: true)
          changed.insert((parts.dropLast() + [Substring(finished)]).joined(separator: "/"))
        }
        guard file.merge(into: target) == 0 else { continue }
        try target.close()
        file.remove()
        report.unspilled.append(path)
      } catch {
        report.failed[name] = error.description
      }
    }
    return changed
  }

  private static func scan(
    _ directory: OpenDirectory, path: String, depth: Int, restored: Set<String>, _ keys: ArchiveKeys,
    _ report: inout Report
  ) throws(SystemError) {
    let (names, directories) = try directory.list()
    var files: [RecordedFile] = []
    for name in names where name.hasSuffix(OpenDirectory.freshSuffix) { try? directory.remove(name) }
    for name in names {
      let place = path.isEmpty ? name : path + "/" + name
      let isPart = name.hasSuffix(WriterFile.suffix)
      guard isPart || restored.contains(place) else { continue }
      let finished = isPart ? String(name.dropLast(WriterFile.suffix.count)) : name
      do throws(SystemError) {
        if let file = try repair(name, as: finished, in: directory, keys) {
          files.append(file)
        } else {
          report.unreadable.append(place)
        }
      } catch {
        report.failed[place] = error.description
      }
    }
    if !files.isEmpty {
      // A crash in the middle of a close: some files have got their names.
      for name in names where isAudio(name) && !files.contains(where: { $0.name == name }) {
        do throws(SystemError) {
          if let file = try repair(name, as: name, in: directory, keys) { files.append(file) }
        } catch {
          report.failed[path + "/" + name] = error.description
        }
      }
      // What was drawn of the mix before it was repaired.
      try? directory.remove(PeakFile.name)
      do throws(SystemError) { try directory.sync() } catch { report.failed[path] = error.description }
      report.recordings.append(RepairedRecording(directory: path, files: files))
    }
    if let now = try? directory.list().files, !now.contains(PeakFile.name), PeakFile.mixes.contains(where: now.contains)
    {
      report.withoutPeaks.append(path)
    }
    guard depth < deepest else { return }
    for name in directories {
      let below = try directory.directory(name, create: false)
      try scan(
        below, path: path.isEmpty ? name : path + "/" + name, depth: depth + 1, restored: restored, keys,
        &report)
    }
  }

  /// Repairs and renames one file; nil if there is nothing in it that could be played.
  private static func repair(
    _ name: String, as finished: String, in directory: OpenDirectory, _ keys: ArchiveKeys
  ) throws(SystemError) -> RecordedFile? {
    let file = try directory.open(name, keys: keys, recovering: true)
    guard let (repair, sampleRate, samples) = try plan(for: finished, file) else {
      try directory.rename(name, to: finished + unreadableSuffix)
      return nil
    }
    for patch in repair.patches {
      do throws(OpenFile.WriteError) { try file.write(patch.bytes, at: Int64(patch.offset)) } catch {
        throw error.error
      }
    }
    try file.truncate(to: Int64(repair.length))
    let digest = try FileDigest.sha256(of: file)
    try file.close()
    if name != finished { try directory.rename(name, to: finished) }
    return RecordedFile(
      name: finished, leg: leg(of: finished), samples: samples, sampleRate: sampleRate, octets: Int64(repair.length),
      sha256: digest, droppedOctets: 0)
  }

  private static func plan(
    for name: String, _ file: ArchiveFile
  ) throws(SystemError) -> (repair: FileRepair, sampleRate: Int, samples: Int64)? {
    let size = file.size
    if name.hasSuffix(".wav") {
      let header = try file.read(WAVWriter.headerCount, at: 0)
      guard let repair = WAVWriter.repair(fileSize: Int(size), header: header), repair.frames > 0 else { return nil }
      // Offset 60: nSamplesPerSec of the fmt chunk, little-endian.
      let rate = (0..<4).reduce(0) { $0 | Int(header[60 + $1]) << (8 * $1) }
      return (repair, rate, Int64(repair.frames))
    }
    if name.hasSuffix(".webm") {
      var mending = WebMRepair(fileSize: Int(size))
      while case .read(let offset, let count) = mending.step { mending.take(try file.read(count, at: Int64(offset))) }
      guard case .done(let repair?) = mending.step, repair.frames > 0 else { return nil }
      return (repair, 48_000, Int64(repair.frames))
    }
    let head = try file.read(40, at: 0)
    // RFC 7845, section 5.1: the identification header fills the first page; the pre-skip is its octets 10 and 11.
    guard head.count == 40, Array(head[28..<36]) == Array("OpusHead".utf8) else { return nil }
    let preSkip = Int64(head[38]) | Int64(head[39]) << 8
    let offset = max(0, size - Int64(tail))
    guard let repair = OggOpusWriter.repair(tail: try file.read(tail, at: offset), offset: Int(offset)),
      repair.frames > 0
    else { return nil }
    return (repair, 48_000, max(0, Int64(repair.frames) - preSkip))
  }

  /// `<leg>.wav` or `<leg>.webm` is a member's track; every other name is the mix.
  private static func leg(of name: String) -> LegID? {
    name.split(separator: ".").first.flatMap { UInt64($0) }.map { LegID($0) }
  }
}

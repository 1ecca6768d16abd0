import Conference
import Primitives

/// What the writer thread owns: the recordings that are open. Made and used on that thread only.
struct WriterBody {
  private let settings: RuntimeSettings
  private let root: OpenDirectory
  private let spill: OpenDirectory?
  private let finisher: FileFinisher
  private let answer: @Sendable (RoomID, RecordingOutcome) -> Void
  private let bell: AlarmBell
  private var recordings: [RecordingID: WriterRecording] = [:]
  /// Something was written since the last sync.
  private var isDirty = false
  /// The disk has taken octets since the last sync, and refused none.
  private var isTaking = false
  private var isRefusing = false
  private var isSpaceLow = false

  init(
    settings: RuntimeSettings, root: OpenDirectory, spill: OpenDirectory?, finisher: FileFinisher,
    answer: @escaping @Sendable (RoomID, RecordingOutcome) -> Void, bell: AlarmBell
  ) {
    self.settings = settings
    self.root = root
    self.spill = spill
    self.finisher = finisher
    self.answer = answer
    self.bell = bell
    watchSpace(at: .zero)
  }

  mutating func perform(_ entry: WriterQueue.Entry, at now: Instant) {
    switch entry.write {
    case .open(let id, let directory): open(id, directory, room: entry.room, at: now)
    case .create(let file, let name): create(file, name, room: entry.room, at: now)
    case .append(let file, let octets):
      let spill = spill
      change(file, at: now) { target, path in
        if entry.droppedBefore > 0 { target.lose(entry.droppedBefore) }
        guard !octets.isEmpty else { return nil }
        return target.append(octets) { asked in
          guard let spill else { return nil }
          return SpillFile.create(for: path + "/" + asked, in: spill)
        }
      }
    case .zeros(let file, let count):
      change(file, at: now) { target, _ in
        target.skip(count)
        return nil
      }
    case .patch(let file, let offset, let octets):
      change(file, at: now) { target, _ in target.patch(octets, at: offset) }
    case .finish(let id, let files):
      guard let recording = recordings.removeValue(forKey: id) else {
        // Its `open` was refused and answered.
        return
      }
      finisher.finish(FileFinisher.Job(recording: recording, files: files))
    }
  }

  /// Once a second: what was written reaches the disk; the free space is looked at.
  mutating func sync(at now: Instant) {
    if isDirty {
      isDirty = false
      for directory in [root, spill] {
        do throws(SystemError) { try directory?.syncFileSystem() } catch {
          bell.ring(.writeFailed(file: "", reason: error.description, spilled: false), at: now)
        }
      }
    }
    if isTaking, !isRefusing { bell.written(at: now) }
    isTaking = false
    isRefusing = false
    watchSpace(at: now)
  }

  private mutating func watchSpace(at now: Instant) {
    guard let share = root.freeShare else { return }
    if share < settings.warnFreeShare, !isSpaceLow {
      isSpaceLow = true
      bell.ring(.spaceLow(freeShare: share), at: now)
    } else if share > settings.warnFreeShare * 1.1, isSpaceLow {
      isSpaceLow = false
      bell.ring(.spaceRecovered(freeShare: share), at: now)
    }
  }

  private mutating func open(_ id: RecordingID, _ path: String, room: RoomID, at now: Instant) {
    guard recordings[id] == nil else { return refuse(id, room: room, "the recording is open already", at: now) }
    if let share = root.freeShare, share < settings.minimumFreeShare {
      return refuse(id, room: room, "the disk is full: \(Int(share * 1_000)) ‰ are free", at: now)
    }
    do throws(SystemError) {
      let directory = try root.directory(path, create: true)
      recordings[id] = WriterRecording(id: id, room: room, path: path, directory: directory)
      isDirty = true
      answer(room, .opened(id))
    } catch {
      refuse(id, room: room, error.description, at: now)
    }
  }

  private func refuse(_ id: RecordingID, room: RoomID, _ reason: String, at now: Instant) {
    bell.ring(.recordingFailed(id, reason: reason), at: now)
    answer(room, .failed(id, reason: reason, ended: true))
  }

  private mutating func create(_ file: RecordingFile, _ name: String, room: RoomID, at now: Instant) {
    guard let recording = recordings[file.recording] else { return }
    do throws(SystemError) {
      recordings[file.recording]?.files[file.index] = try WriterFile(
        name: name, in: recording.directory, keys: settings.keys)
    } catch {
      bell.ring(.recordingFailed(file.recording, reason: error.description), at: now)
      // A recording without its mix is none; without one track it goes on.
      let ended = file.index == 0
      if ended { recordings[file.recording] = nil }
      answer(room, .failed(file.recording, reason: error.description, ended: ended))
    }
  }

  /// Changes a file in place; a refusal of the disk becomes an alarm and, once per recording, an event of its room.
  private mutating func change(
    _ file: RecordingFile, at now: Instant, _ step: (inout WriterFile, String) -> WriterFile.Refusal?
  ) {
    isDirty = true
    guard let path = recordings[file.recording]?.path else { return }
    let refusal = withFile(file) { step(&$0, path) }
    guard let refusal else {
      isTaking = true
      return
    }
    isRefusing = true
    let reason = refusal.error.description
    bell.ring(.writeFailed(file: path, reason: reason, spilled: refusal.spilled), at: now)
    guard !refusal.spilled, recordings[file.recording]?.hasReportedLoss == false,
      let room = recordings[file.recording]?.room
    else { return }
    recordings[file.recording]?.hasReportedLoss = true
    answer(room, .failed(file.recording, reason: reason, ended: false))
  }

  private mutating func withFile(
    _ file: RecordingFile, _ step: (inout WriterFile) -> WriterFile.Refusal?
  ) -> WriterFile.Refusal? {
    guard recordings[file.recording]?.files[file.index] != nil else { return nil }
    // Changed through optional chaining: taken out and put back it would be copied.
    return recordings[file.recording]?.files[file.index]?.change(step) ?? nil
  }
}

extension WriterFile {
  /// Runs a step on the file where it lies.
  fileprivate mutating func change(_ step: (inout WriterFile) -> Refusal?) -> Refusal? { step(&self) }
}

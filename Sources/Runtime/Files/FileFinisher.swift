import Conference
import Crypto
import Synchronization

/// Closes recordings on a thread of its own, so that hashing a long file holds up no other recording:
/// length → SHA-256 → fsync → rename → fsync of the directory → answer.
final class FileFinisher: Sendable {
  struct Job: Sendable {
    var recording: WriterRecording
    /// As the room knows them; what only the disk knows is filled in here.
    var files: [RecordedFile]
  }

  private enum Message: Sendable {
    case finish(Job)
    case stop
  }

  private let mailbox = Mailbox<Message>()
  private let wakeUp: WakeUp
  private let answer: @Sendable (RoomID, RecordingOutcome) -> Void
  private let alarm: @Sendable (FileAlarm) -> Void
  private let peaks: PeakMaker

  init(
    peaks: PeakMaker, answer: @escaping @Sendable (RoomID, RecordingOutcome) -> Void,
    alarm: @escaping @Sendable (FileAlarm) -> Void
  ) throws(SystemError) {
    self.peaks = peaks
    self.answer = answer
    self.alarm = alarm
    wakeUp = try WakeUp()
  }

  func finish(_ job: Job) {
    mailbox.post(.finish(job))
    wakeUp.signal()
  }

  /// Ends `run` when everything before is done.
  func stop() {
    mailbox.post(.stop)
    wakeUp.signal()
  }

  /// The body of the thread.
  func run() {
    var messages: [Message] = []
    while true {
      wakeUp.wait(milliseconds: 1_000)
      mailbox.collect(into: &messages)
      for message in messages {
        switch message {
        case .finish(let job): perform(job)
        case .stop: return
        }
      }
      messages.removeAll(keepingCapacity: true)
    }
  }

  private func perform(_ job: Job) {
    var recording = job.recording
    var finished: [RecordedFile] = []
    for wanted in job.files {
      guard let index = recording.files.first(where: { $0.value.name == wanted.name })?.key,
        var file = recording.files.removeValue(forKey: index)
      else {
        fail(recording.id, room: recording.room, "\(wanted.name) was never made")
        continue
      }
      do throws(SystemError) {
        if try !file.complete() { alarm(.spillKept(file: file.spill?.name ?? file.name)) }
        var result = wanted
        result.octets = file.position
        result.droppedOctets = file.dropped
        result.sha256 = try FileDigest.sha256(of: file.file)
        try file.file.close()
        try recording.directory.rename(file.name + WriterFile.suffix, to: file.name)
        finished.append(result)
      } catch {
        // The `.part` file stays for the next start's repair.
        fail(recording.id, room: recording.room, "\(wanted.name): \(error)")
      }
    }
    do throws(SystemError) { try recording.directory.sync() } catch {
      fail(recording.id, room: recording.room, error.description)
    }
    answer(recording.room, .finished(recording.id, finished))
    peaks.make(in: recording.path)
  }

  private func fail(_ id: RecordingID, room: RoomID, _ reason: String) {
    alarm(.recordingFailed(id, reason: reason))
    answer(room, .failed(id, reason: reason, ended: false))
  }
}

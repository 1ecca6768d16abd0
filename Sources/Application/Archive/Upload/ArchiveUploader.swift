import Logging
import Primitives

/// Copies closed recordings to an object store, one file after the other, as they lie on the disk: what is sealed stays sealed.
///
/// Nobody waits for it. What fails is tried again with growing pauses, and what a restart finds in the index goes on.
package actor ArchiveUploader {
  /// Recordings that are asked of the index at a time, and failed ones that are passed over meanwhile.
  static let batch = 16
  static let maximumFailed = 1_000
  /// How soon it looks again where there was nothing to do, and after a failure: doubling, up to the longest.
  static let idlePause = Duration.seconds(5)
  static let firstPause = Duration.seconds(1)
  static let longestPause = Duration.seconds(300)

  private let place: ObjectPlace
  /// Recordings go from here when they are there.
  private let deletesLocal: Bool
  private let archive: Archive
  private let store: any UploadStore
  private let carrier: any UploadCarrier
  private let logger: Logger
  /// Those that did not get through: others come first.
  private var failed: Set<String> = []
  /// Rounds in a row that ended with a failure.
  private(set) var failures = 0

  package init(
    place: ObjectPlace, deletesLocal: Bool, archive: Archive, store: any UploadStore, carrier: any UploadCarrier,
    logger: Logger
  ) {
    self.place = place
    self.deletesLocal = deletesLocal
    self.archive = archive
    self.store = store
    self.carrier = carrier
    self.logger = logger
  }

  /// Until the task is cancelled.
  package func run() async {
    while !Task.isCancelled {
      await uploadAll()
      do { try await Task.sleep(for: Self.pause(after: failures)) } catch { return }
    }
  }

  /// How long to wait after so many rounds that failed.
  static func pause(after failures: Int) -> Duration {
    guard failures > 0 else { return idlePause }
    return min(longestPause, firstPause * Double(1 << min(failures - 1, 16)))
  }

  /// One round: everything that waits, up to the first failure.
  func uploadAll() async {
    while !Task.isCancelled {
      let waiting: [StoredRecording]
      do {
        waiting = try await store.awaitingUpload(limit: Self.batch + failed.count)
      } catch {
        return fail("the index of recordings does not answer: \(error)", nil)
      }
      guard let next = waiting.first(where: { !failed.contains($0.recording.id) }) else {
        failed = []
        if waiting.isEmpty { failures = 0 } else { failures += 1 }
        return
      }
      if let reason = await upload(next) { return fail(reason, next.recording.id) }
      if failures > 0, failed.isEmpty {
        failures = 0
        logger.notice("recordings are copied to the object store again")
      }
    }
  }

  private func fail(_ reason: String, _ id: String?) {
    if failures == 0 {
      logger.error(
        "recordings are not copied to the object store; it is tried again",
        metadata: ["recording": "\(id ?? "")", "reason": "\(reason)"])
    }
    failures += 1
    guard let id else { return }
    if failed.count >= Self.maximumFailed { failed = [] }
    failed.insert(id)
  }

  /// Nil when the recording is there; else why not.
  private func upload(_ stored: StoredRecording) async -> String? {
    let id = stored.recording.id
    // The description comes last: where it is, the rest is.
    for name in stored.recording.files.map(\.name) + [Archive.peaksName, Archive.descriptionName] {
      let path = "\(archive.root)/\(stored.directory)/\(name)"
      let octets: Int64
      let sha256: String
      do { (octets, sha256) = try await archive.disk.storedDigest(of: name, in: stored.directory) } catch {
        // The wave form may be missing.
        if name == Archive.peaksName { continue }
        return "\(name) cannot be read: \(error)"
      }
      if let reason = await put(path, as: "\(stored.directory)/\(name)", octets, sha256) { return "\(name): \(reason)" }
    }
    do {
      // What is incomplete may still be mended by what was spilled.
      let isWhole = stored.recording.files.allSatisfy { $0.droppedOctets == 0 }
      guard deletesLocal, isWhole, !stored.recording.legalHold else {
        try await store.noteUploaded(id)
        return nil
      }
    } catch { return "the index of recordings does not answer: \(error)" }
    do {
      try await archive.delete(
        id, by: "upload", reason: "copied to \(place.endpoint.authority)\(place.target(stored.directory))")
    } catch { return "it is copied, and cannot be deleted here: \(error.detail)" }
    return nil
  }

  private func put(_ path: String, as name: String, _ octets: Int64, _ sha256: String) async -> String? {
    let target = place.target(name)
    let signature = ObjectSignature(
      accessKey: place.accessKey, secret: place.secret, region: place.region,
      time: ObjectSignature.time(archive.clock.timestamp))
    var fields = [
      (name: "host", value: place.endpoint.authority), (name: "x-amz-content-sha256", value: sha256),
      (name: "x-amz-date", value: signature.time),
    ]
    let value = signature.authorization("PUT", target, fields: fields, sha256: sha256)
    fields.append((name: "authorization", value: value))
    switch await carrier.put(path, octets: octets, to: place.endpoint, target: target, fields: fields) {
    case .answered(let status) where (200...299).contains(status): return nil
    case .answered(let status): return "the store answers \(status)"
    case .refused(let reason), .failed(let reason): return reason
    }
  }
}

import Application
import Logging
import WebFront

extension ArchiveOpening {
  /// What copies recordings to the operator's object store; nil where there is none.
  func uploader(_ configuration: Configuration, logger: Logger) throws -> ArchiveUploader? {
    guard let place = configuration.recording.upload else { return nil }
    let carrier: UploadClient
    do { carrier = try UploadClient(authorities: configuration.recording.uploadAuthorities) } catch {
      throw StartFailure("recording.upload.authorities: cannot be read: \(error)")
    }
    return ArchiveUploader(
      place: place, deletesLocal: configuration.recording.uploadDeletesLocal, archive: archive, store: index,
      carrier: carrier, logger: logger)
  }
}

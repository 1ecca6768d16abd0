/// What is still to be copied to the object store; the index of recordings knows it, also after a restart.
package protocol UploadStore: Sendable {
  /// Closed recordings with a seal that are not there yet, the oldest first.
  func awaitingUpload(limit: Int) async throws -> [StoredRecording]
  func noteUploaded(_ id: String) async throws
}

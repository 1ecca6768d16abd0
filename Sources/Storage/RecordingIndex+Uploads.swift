import Application
import GRDB

/// What has been copied to an object store.
extension RecordingIndex: UploadStore {
  /// Rows that the upload has still to look at are few, or all where there is none.
  static func addUploads(_ database: Database) throws {
    try database.execute(
      sql: """
        ALTER TABLE recording ADD COLUMN uploaded BOOLEAN NOT NULL DEFAULT 0;
        CREATE INDEX recordingNotUploaded ON recording (number) WHERE NOT uploaded;
        """)
  }

  package func awaitingUpload(limit: Int) async throws -> [StoredRecording] {
    try await entries(where: "NOT uploaded AND seal IS NOT NULL AND \(Self.isClosed)", [], limit: limit)
  }

  /// What was mended and sealed anew is to be copied once more.
  static func forgetUpload(before recording: RecordingDescription, in database: Database) throws {
    try database.execute(
      sql: "UPDATE recording SET uploaded = 0 WHERE id = ? AND seal IS NOT ?",
      arguments: [recording.id, recording.seal?.number])
  }

  package func noteUploaded(_ id: String) async throws {
    try await database.write {
      try $0.execute(sql: "UPDATE recording SET uploaded = 1 WHERE id = ?", arguments: [id])
    }
  }
}

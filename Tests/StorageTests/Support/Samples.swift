import Application
import Storage
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Recordings and indices to put them in.
enum Samples {
  /// Of a file in a directory of its own.
  static func path(_ name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.appending(path: name).path
  }

  static func index() throws -> RecordingIndex { try RecordingIndex(path: path("index.sqlite")) }

  /// Began on the first of January 2026, so many minutes after midnight.
  static func recording(
    _ id: String, room: String = "3000", minute: Int = 0, duration: Double = 1,
    parties: [String] = ["sip:a@example.com"], context: [String: String] = [:]
  ) -> RecordingDescription {
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    let day = 1 + minute / 1_440
    return RecordingDescription(
      id: id, room: room, state: .finished,
      started: "2026-01-\(two(day))T\(two(minute / 60 % 24)):\(two(minute % 60)):00.000Z", duration: duration,
      files: [], parties: parties, pauses: [], context: context)
  }
}

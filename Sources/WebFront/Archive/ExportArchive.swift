import Application
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif
import Foundation

/// A recording as one tar file (POSIX.1-1988, ustar): `manifest.json` with the SHA-256 of each file, then the files.
struct ExportArchive {
  /// Octets of a file that are in memory at a time.
  private static let piece = 256 << 10

  private struct Manifest: Encodable {
    struct File: Encodable {
      var name: String
      var octets: Int64
      var sha256: String
    }
    var recording: String
    var exported: String
    var by: String
    var seal: RecordingSeal?
    var files: [File]
  }

  private let export: ExportedRecording
  private let manifest: [UInt8]

  init(_ export: ExportedRecording) throws {
    self.export = export
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    manifest = [UInt8](
      try encoder.encode(
        Manifest(
          recording: export.recording.id, exported: export.at, by: export.by, seal: export.recording.seal,
          files: export.files.map { Manifest.File(name: $0.name, octets: $0.octets, sha256: $0.sha256) })))
  }

  func response() -> Response {
    let folder = export.recording.id
    let manifest = manifest
    let files = export.files
    let sizes = [Int64(manifest.count)] + files.map(\.octets)
    let length = sizes.reduce(Int64(2 * TarHeader.block)) { $0 + Int64(TarHeader.block) + TarHeader.padded($1) }
    let body = ResponseBody(contentLength: Int(clamping: length)) { writer in
      try await writer.write(
        ByteBuffer(bytes: TarHeader.octets(name: "\(folder)/manifest.json", size: Int64(manifest.count)) + manifest))
      try await writer.write(Self.padding(behind: Int64(manifest.count)))
      for file in files {
        try await writer.write(ByteBuffer(bytes: TarHeader.octets(name: "\(folder)/\(file.name)", size: file.octets)))
        switch try await file.open() {
        case .plain(let path): try await Self.write(file, at: path, to: &writer)
        case .sealed(let content): try await FileRange.write(content, from: 0, count: file.octets, to: &writer)
        }
        try await writer.write(Self.padding(behind: file.octets))
      }
      try await writer.write(ByteBuffer(repeating: 0, count: 2 * TarHeader.block))
      try await writer.finish(nil)
    }
    return Response(
      status: .ok,
      headers: [
        .contentType: "application/x-tar", .contentDisposition: "attachment; filename=\"\(folder).tar\"",
        .cacheControl: "no-store",
      ], body: body)
  }

  private static func write(
    _ file: ExportedRecording.File, at path: String, to writer: inout any ResponseBodyWriter
  ) async throws {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw ControlError(.failed, "\(file.name) can no longer be read")
    }
    defer { try? handle.close() }
    var rest = file.octets
    while rest > 0 {
      guard let data = try handle.read(upToCount: Int(min(rest, Int64(piece)))), !data.isEmpty else {
        // Shorter than it was a moment ago: whoever receives it sees a broken download.
        throw ControlError(.failed, "\(file.name) has become shorter")
      }
      rest -= Int64(data.count)
      try await writer.write(ByteBuffer(bytes: data))
    }
  }

  private static func padding(behind size: Int64) -> ByteBuffer {
    ByteBuffer(repeating: 0, count: Int(TarHeader.padded(size) - size))
  }
}

import Application
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Serves a file, whole or by one `Range` (RFC 9110, section 14).
enum FileRange {
  private static let types: [(suffix: String, type: String)] = [
    (".wav", "audio/wav"), (".json", "application/json"), (".opus", "audio/ogg"), (".webm", "video/webm"),
  ]

  /// Octets of a sealed file that are in memory at a time.
  private static let piece = 256 << 10

  static func response(
    _ content: ArchivedContent, name: String, request: Request, context: some RequestContext
  ) async throws -> Response {
    let size = try size(of: content)
    let type = types.first(where: { name.hasSuffix($0.suffix) })?.type
    var headers: HTTPFields = [.contentType: type ?? "application/octet-stream", .acceptRanges: "bytes"]
    guard let text = request.headers[.range] else {
      return Response(
        status: .ok, headers: headers, body: try await body(content, of: nil, size: size, context: context))
    }
    guard let range = parse(text, size: size) else {
      headers[.contentRange] = "bytes */\(size)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
    return Response(
      status: .partialContent, headers: headers,
      body: try await body(content, of: range, size: size, context: context))
  }

  private static func size(of content: ArchivedContent) throws -> Int {
    switch content {
    case .plain(let path):
      guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
        let size = (attributes[.size] as? UInt64).flatMap({ Int(exactly: $0) })
          ?? (attributes[.size] as? Int)
      else {
        throw Problem(ControlError(.notFound, "The file is in the index, but not on disk"))
      }
      return size
    case .sealed(let file): return Int(clamping: file.octets)
    }
  }

  /// `range`: nil for the whole.
  private static func body(
    _ content: ArchivedContent, of range: ClosedRange<Int>?, size: Int, context: some RequestContext
  ) async throws -> ResponseBody {
    switch content {
    case .plain(let path):
      let files = FileIO()
      guard let range else { return try await files.loadFile(path: path, context: context) }
      return try await files.loadFile(path: path, range: range, context: context)
    case .sealed(let file):
      let first = range?.lowerBound ?? 0
      let count = range?.count ?? size
      return ResponseBody(contentLength: count) { writer in
        try await write(file, from: Int64(first), count: Int64(count), to: &writer)
        try await writer.finish(nil)
      }
    }
  }

  /// Writes octets of a sealed file as they become clear; throws where there are fewer: whoever receives it sees a broken
  /// download.
  static func write(
    _ file: any SealedContent, from offset: Int64, count: Int64, to writer: inout any ResponseBodyWriter
  ) async throws {
    var done: Int64 = 0
    while done < count {
      let octets = try await file.read(Int(min(count - done, Int64(piece))), at: offset + done)
      guard !octets.isEmpty else { throw ControlError(.failed, "The file has become shorter") }
      done += Int64(octets.count)
      try await writer.write(ByteBuffer(bytes: octets))
    }
  }

  /// `bytes=0-99`, `bytes=100-` or `bytes=-100`; nil if it names nothing of the file.
  static func parse(_ text: String, size: Int) -> ClosedRange<Int>? {
    guard text.hasPrefix("bytes="), size > 0 else { return nil }
    let parts = text.dropFirst(6).split(separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2 else { return nil }
    switch (Int(parts[0]), Int(parts[1])) {
    case (let first?, let last?) where first >= 0 && first <= last && first < size: return first...min(last, size - 1)
    case (let first?, nil) where parts[1].isEmpty && first >= 0 && first < size: return first...(size - 1)
    case (nil, let suffix?) where parts[0].isEmpty && suffix > 0: return max(0, size - suffix)...(size - 1)
    default: return nil
    }
  }
}

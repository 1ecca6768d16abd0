import Application
import HTTPTypes
import Hummingbird

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

  static func response(path: String, request: Request, context: some RequestContext) async throws -> Response {
    guard let attributes = try? FileManager.default.attributesOfItem(atPath: path),
      let size = (attributes[.size] as? UInt64).flatMap({ Int(exactly: $0) })
        ?? (attributes[.size] as? Int)
    else {
      throw Problem(ControlError(.notFound, "The file is in the index, but not on disk"))
    }
    let files = FileIO()
    let type = types.first(where: { path.hasSuffix($0.suffix) })?.type
    var headers: HTTPFields = [.contentType: type ?? "application/octet-stream", .acceptRanges: "bytes"]
    guard let text = request.headers[.range] else {
      return Response(status: .ok, headers: headers, body: try await files.loadFile(path: path, context: context))
    }
    guard let range = parse(text, size: size) else {
      headers[.contentRange] = "bytes */\(size)"
      return Response(status: .rangeNotSatisfiable, headers: headers)
    }
    headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound)/\(size)"
    return Response(
      status: .partialContent, headers: headers,
      body: try await files.loadFile(path: path, range: range, context: context))
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

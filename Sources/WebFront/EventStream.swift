import Application
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Server-sent events: one `id`, `event` and JSON `data` for each `ServerEvent`.
enum EventStream {
  static func response(_ events: AsyncStream<ServerEvent>) -> Response {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = ResponseBody { writer in
      // A comment at once, so that a client knows that the stream is open before anything happens.
      try await writer.write(ByteBuffer(string: ": open\n\n"))
      for await event in events {
        let data = try encoder.encode(event)
        var buffer = ByteBuffer()
        buffer.writeString("id: \(event.id)\nevent: \(event.name)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        try await writer.write(buffer)
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }
}

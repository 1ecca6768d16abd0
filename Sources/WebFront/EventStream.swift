import Application
import HTTPTypes
import Hummingbird
import NIOCore

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Server-sent events (WHATWG HTML, section 9.2): one `id`, `event` and JSON `data` for each `ServerEvent`, a comment now and
/// then where nothing happens, and `gap` where something is missing.
enum EventStream {
  /// Between two comments that keep the connection known to be alive.
  static let heartbeat = Duration.seconds(15)
  /// Events that wait for a client that reads slowly; beyond it the oldest are lost, and `gap` tells.
  private static let capacity = 1_024

  private enum Item {
    case event(ServerEvent)
    case beat
  }

  static func response(_ events: AsyncStream<ServerEvent>, heartbeat: Duration = heartbeat) -> Response {
    let body = ResponseBody { writer in
      // A comment at once, so that a client knows that the stream is open before anything happens.
      try await writer.write(ByteBuffer(string: ": open\n\n"))
      let (items, feed) = AsyncStream.makeStream(of: Item.self, bufferingPolicy: .bufferingNewest(capacity))
      let pump = Task {
        for await event in events { feed.yield(.event(event)) }
        feed.finish()
      }
      let pulse = Task {
        while (try? await Task.sleep(for: heartbeat)) != nil { feed.yield(.beat) }
      }
      defer {
        pump.cancel()
        pulse.cancel()
      }
      var last: UInt64?
      for await item in items {
        switch item {
        case .beat: try await writer.write(ByteBuffer(string: ": alive\n\n"))
        case .event(let event):
          var buffer = ByteBuffer()
          if let last, event.id > last, event.id - last > 1, event.name != "gap" {
            try write(.gap(before: event.id, missed: event.id - last - 1, time: event.time), into: &buffer)
          }
          last = event.id
          try write(event, into: &buffer)
          try await writer.write(buffer)
        }
      }
      try await writer.finish(nil)
    }
    return Response(
      status: .ok, headers: [.contentType: "text/event-stream", .cacheControl: "no-store"], body: body)
  }

  private static func write(_ event: ServerEvent, into buffer: inout ByteBuffer) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    buffer.writeString("id: \(event.id)\nevent: \(event.name)\ndata: ")
    buffer.writeBytes(try encoder.encode(event))
    buffer.writeString("\n\n")
  }

  /// The event that a client had last, by `Last-Event-ID`: browsers send it when they come back.
  static func lastIdentifier(of request: Request) throws(ControlError) -> UInt64? {
    guard let name = HTTPField.Name("Last-Event-ID"), let text = request.headers[name] else { return nil }
    guard let id = UInt64(text) else {
      throw ControlError(
        .invalid, "Last-Event-ID is the 'id' of an event that was sent before, or 0 for all that is kept")
    }
    return id
  }
}

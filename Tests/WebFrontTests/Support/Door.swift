import Application
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import NIOEmbedded
import Synchronization

@testable import WebFront

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// The interface without a socket: requests go to its router, answers come back whole.
struct Door {
  struct Answer {
    var status: Int
    var headers: HTTPFields
    var body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
    /// The body as problem detail, if it is one.
    var problem: Problem? {
      headers[.contentType] == "application/problem+json"
        ? try? JSONDecoder().decode(Problem.self, from: Data(body)) : nil
    }
  }

  /// One for all: the loop of such a channel is never freed.
  private static let channel = NIOAsyncTestingChannel()
  let control = FakeControl()
  private let responder: RouterResponder<BasicRequestContext>

  init(
    tokens: [String: Access.Role] = [:], contract: String = "openapi: 3.1.0\n", pages: PageLibrary = PageLibrary(),
    shop: ShopTokens.Supply = .unneeded
  ) {
    let router = Router(options: .autoGenerateHeadEndpoints)
    Pages(pages).add(to: router)
    ShopTokens(shop, control: control, clock: SystemTime()).add(to: router)
    Routes(
      control: control, access: Access(tokens: tokens), contract: contract,
      logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
    ).add(to: router)
    responder = router.buildResponder()
  }

  /// Asks; `body` is sent as JSON unless `headers` say another type.
  func ask(
    _ method: HTTPRequest.Method, _ path: String, body: String = "", headers: HTTPFields = [:], token: String? = nil,
    authority: String? = "127.0.0.1:9090"
  ) async throws -> Answer {
    var fields = headers
    if !body.isEmpty, fields[.contentType] == nil { fields[.contentType] = "application/json" }
    if let token { fields[.authorization] = "Bearer \(token)" }
    let request = Request(
      head: HTTPRequest(method: method, scheme: "http", authority: authority, path: path, headerFields: fields),
      body: RequestBody(buffer: ByteBuffer(string: body)))
    let context = BasicRequestContext(
      source: ApplicationRequestContextSource(
        channel: Self.channel, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    let response = try await responder.respond(to: request, context: context)
    return Answer(
      status: response.status.code, headers: response.headers, body: try await Self.octets(of: response))
  }

  /// The body as text; `watch` sees what has come so far whenever more comes.
  static func text(of response: Response, watch: @escaping @Sendable (String) -> Void = { _ in }) async throws -> String
  {
    String(decoding: try await octets(of: response) { watch(String(decoding: $0, as: UTF8.self)) }, as: UTF8.self)
  }

  static func octets(
    of response: Response, watch: @escaping @Sendable ([UInt8]) -> Void = { _ in }
  ) async throws -> [UInt8] {
    let written = Written()
    try await response.body.write(Writer(written: written, watch: watch))
    return written.octets.withLock { $0 }
  }

  private final class Written: Sendable {
    let octets = Mutex<[UInt8]>([])
  }

  private struct Writer: ResponseBodyWriter {
    let written: Written
    let watch: @Sendable ([UInt8]) -> Void
    func write(_ buffer: ByteBuffer) async throws {
      watch(
        written.octets.withLock { octets in
          octets.append(contentsOf: buffer.readableBytesView)
          return octets
        })
    }
    consuming func finish(_ trailingHeaders: HTTPFields?) async throws {}
  }
}

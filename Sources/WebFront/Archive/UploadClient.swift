import Application
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Primitives

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif
import Foundation

/// Carries files by HTTP/1.1 to the operator's object store, each on a connection of its own.
package struct UploadClient: UploadCarrier {
  /// Octets of a file that are in memory at a time.
  static let piece = 256 << 10
  /// So long nothing may move.
  static let patience = TimeAmount.seconds(30)

  private let context: NIOSSLContext
  private let group: any EventLoopGroup

  /// - Parameter authorities: a PEM file of those who may vouch for the store; nil: the machine's.
  /// - Throws: if the file is of no use.
  package init(authorities: String? = nil) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authorities { configuration.trustRoots = .file(authorities) }
    context = try NIOSSLContext(configuration: configuration)
    group = MultiThreadedEventLoopGroup.singleton
  }

  package func put(
    _ path: String, octets: Int64, to endpoint: WebhookAddress, target: String, fields: [(name: String, value: String)]
  ) async -> WebhookOutcome {
    var headers = HTTPHeaders(fields.map { ($0.name, $0.value) })
    headers.add(name: "content-length", value: "\(octets)")
    headers.add(name: "content-type", value: "application/octet-stream")
    headers.add(name: "user-agent", value: "Trialogue")
    headers.add(name: "connection", value: "close")
    let head = HTTPRequestHead(version: .http1_1, method: .PUT, uri: target, headers: headers)
    guard let file = FileHandle(forReadingAtPath: path) else { return .failed("the file cannot be read") }
    defer { try? file.close() }
    do {
      let source = UploadExchange.Source(file: file, octets: octets)
      return .answered(status: try await exchange(head, source, at: endpoint))
    } catch { return .failed(Self.sentence(error)) }
  }

  private func exchange(
    _ head: HTTPRequestHead, _ source: UploadExchange.Source, at endpoint: WebhookAddress
  ) async throws -> Int {
    let resolved: [IPAddress] =
      if let literal = IPAddress(endpoint.host) { [literal] } else {
        try await WebhookClient.systemResolver(endpoint.host)
      }
    guard let ip = resolved.first else { throw UploadExchange.Failure.unknownHost }
    let loop = group.next()
    let answer = loop.makePromise(of: Int.self)
    do {
      _ = try await ClientBootstrap(group: loop).connectTimeout(.seconds(10)).channelInitializer { [context] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if endpoint.isSecure {
            // An address is no server name; it is looked for in the certificate all the same.
            let name = IPAddress(endpoint.host) == nil ? endpoint.host : nil
            try pipeline.addHandler(try NIOSSLClientHandler(context: context, serverHostname: name))
          }
          try pipeline.addHTTPClientHandlers()
          try pipeline.addHandler(UploadExchange(head: head, source: source, answer: answer, patience: Self.patience))
        }
      }.connect(to: try SocketAddress(ipAddress: ip.description, port: Int(endpoint.port))).get()
    } catch {
      // The handler may never have been there.
      answer.fail(error)
    }
    return try await answer.futureResult.get()
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case UploadExchange.Failure.timeout, ChannelError.connectTimeout: "no answer in time"
    case UploadExchange.Failure.closed: "closed without an answer"
    case UploadExchange.Failure.shortened: "the file has become shorter"
    case UploadExchange.Failure.unknownHost: "the host is unknown"
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "TLS failed"
    default: "no connection"
    }
  }
}

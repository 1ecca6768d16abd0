import Application
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Primitives

/// Carries webhooks by HTTP/1.1, each on a connection of its own.
///
/// The name is looked up once for each connection, the address that came of it is judged, and that very address is connected
/// to: a name that points elsewhere a moment later changes nothing. Each redirect is judged anew.
package struct WebhookClient: WebhookCarrier, WebhookAsker {
  /// Redirects (307 and 308, which keep the POST) that are followed.
  static let redirectLimit = 3

  package typealias Resolver = @Sendable (String) async throws -> [IPAddress]

  private let limits: AddressGuard
  private let timeout: TimeAmount
  private let context: NIOSSLContext
  private let group: any EventLoopGroup
  private let resolve: Resolver

  /// - Parameters:
  ///   - timeout: for one connection with its answer.
  ///   - authorities: a PEM file of those who may vouch for receivers; nil: the machine's.
  /// - Throws: if the file is of no use.
  package init(
    limits: AddressGuard, timeout: Duration, authorities: String? = nil,
    resolve: @escaping Resolver = WebhookClient.systemResolver
  ) throws {
    var configuration = TLSConfiguration.makeClientConfiguration()
    configuration.minimumTLSVersion = .tlsv12
    if let authorities { configuration.trustRoots = .file(authorities) }
    context = try NIOSSLContext(configuration: configuration)
    self.limits = limits
    self.timeout = .nanoseconds(timeout.nanoseconds)
    self.group = MultiThreadedEventLoopGroup.singleton
    self.resolve = resolve
  }

  package func post(_ body: [UInt8], to address: WebhookAddress, token: String) async -> WebhookOutcome {
    var address = address
    for _ in 0...Self.redirectLimit {
      let answer: WebhookExchange.Answer
      do { answer = try await exchange(body, at: address, token: token, limit: 0, patience: timeout) } catch let refusal
        as Refusal
      {
        return .refused(refusal.sentence)
      } catch { return .failed(Self.sentence(error)) }
      guard answer.status == 307 || answer.status == 308 else { return .answered(status: answer.status) }
      guard let next = answer.location.flatMap({ WebhookAddress($0, base: address) }) else {
        return .refused("\(answer.status) to no URL")
      }
      guard next.isSecure || !address.isSecure else { return .refused("\(answer.status) from https to http") }
      address = next
    }
    return .refused("more than \(Self.redirectLimit) redirects")
  }

  package func ask(
    _ body: [UInt8], at address: WebhookAddress, token: String, limit: Int, within timeout: Duration
  ) async -> WebhookReply {
    do {
      let answer = try await exchange(
        body, at: address, token: token, limit: max(limit, 1), patience: .nanoseconds(timeout.nanoseconds))
      return .answered(status: answer.status, body: answer.body)
    } catch let refusal as Refusal {
      return .failed(refusal.sentence)
    } catch {
      return .failed(Self.sentence(error))
    }
  }

  /// Why nothing is sent.
  private struct Refusal: Error { var sentence: String }

  private func exchange(
    _ body: [UInt8], at address: WebhookAddress, token: String, limit: Int, patience: TimeAmount
  ) async throws -> WebhookExchange.Answer {
    let ip = try await judged(address)
    var headers = HTTPHeaders()
    headers.add(name: "Host", value: address.authority)
    headers.add(name: "Authorization", value: "Bearer \(token)")
    headers.add(name: "Content-Type", value: "application/json")
    headers.add(name: "Content-Length", value: "\(body.count)")
    headers.add(name: "User-Agent", value: "Trialogue")
    headers.add(name: "Connection", value: "close")
    let head = HTTPRequestHead(version: .http1_1, method: .POST, uri: address.target, headers: headers)
    let loop = group.next()
    let answer = loop.makePromise(of: WebhookExchange.Answer.self)
    do {
      _ = try await ClientBootstrap(group: loop).connectTimeout(patience).channelInitializer {
        [context] channel in
        channel.eventLoop.makeCompletedFuture {
          let pipeline = channel.pipeline.syncOperations
          if address.isSecure {
            // An address is no server name; it is looked for in the certificate all the same.
            let name = IPAddress(address.host) == nil ? address.host : nil
            try pipeline.addHandler(try NIOSSLClientHandler(context: context, serverHostname: name))
          }
          try pipeline.addHTTPClientHandlers()
          try pipeline.addHandler(
            WebhookExchange(head: head, body: body, answer: answer, limit: limit, patience: patience))
        }
      }.connect(to: try SocketAddress(ipAddress: ip.description, port: Int(address.port))).get()
    } catch {
      // The handler may never have been there.
      answer.fail(error)
    }
    return try await answer.futureResult.get()
  }

  /// The address to connect to.
  private func judged(_ address: WebhookAddress) async throws -> IPAddress {
    let found: [IPAddress]
    if let literal = IPAddress(address.host) { found = [literal] } else { found = try await resolve(address.host) }
    guard let ip = found.first(where: { limits.permits($0) }) else {
      throw Refusal(sentence: "'\(address.host)' leads to an address that webhooks.networks does not allow")
    }
    guard address.isSecure || limits.isOwn(ip) else {
      throw Refusal(sentence: "http is for webhooks.networks alone; give a URL with https")
    }
    return ip.unmapped
  }

  private static func sentence(_ error: any Error) -> String {
    switch error {
    case WebhookExchange.Failure.timeout, ChannelError.connectTimeout: "no answer in time"
    case WebhookExchange.Failure.closed: "closed without an answer"
    case WebhookExchange.Failure.tooLong: "the answer is too long"
    case is NIOSSLError, is NIOSSLExtraError, is BoringSSLError: "TLS failed"
    default: "no connection"
    }
  }

  /// /etc/hosts and DNS, on a thread of its own.
  package static let systemResolver: Resolver = { name in
    try await NIOThreadPool.singleton.runIfActive {
      let address = try SocketAddress.makeAddressResolvingHost(name, port: 0)
      return (address.ipAddress?.split(separator: "%").first).flatMap { IPAddress($0) }.map { [$0] } ?? []
    }
  }
}

import Application
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOWebSocket
import Primitives
import SIP
import SIPFront

/// A connection of a web listener: TLS if there is a certificate, and in it HTTP or, on `/sip`, SIP over WebSocket.
///
/// The first octets decide, before anything of HTTP is set up: the two ways share no handler, so that a refused upgrade is an
/// ordinary answer, and an `Upgrade` that is none of ours is an ordinary request.
package struct WebChannel: ServerChildChannel {
  /// Takes an upgraded connection over, on its loop.
  package typealias Adopter = @Sendable (any Channel, SIPTransport, PageOrigin?) throws -> Void

  /// What a connection has turned out to be.
  package enum Content: Sendable {
    case http(HTTP1Channel.Value)
    case sip
    /// Ended before it was anything, or answered with a refusal.
    case nothing
  }

  package struct Value: ServerChildChannelValue {
    package let channel: any Channel
    let content: EventLoopFuture<Content>
  }

  private let http: HTTP1Channel
  private let identity: TLSIdentity?
  private let rules: UpgradeRules
  private let tally: ConnectionTally
  private let adopt: Adopter

  /// `identity` nil: without TLS.
  package init(
    responder: @escaping HTTPChannelHandler.Responder, identity: TLSIdentity?, rules: UpgradeRules,
    tally: ConnectionTally, adopt: @escaping Adopter
  ) {
    self.http = HTTP1Channel(
      responder: responder, configuration: .init(idleTimeout: .nanoseconds(tally.limits.idleDeadline.nanoseconds)))
    self.identity = identity
    self.rules = rules
    self.tally = tally
    self.adopt = adopt
  }

  /// Never fails: the listener would take it for its own failure, and end.
  package func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
    let content = channel.eventLoop.makePromise(of: Content.self)
    content.futureResult.whenFailure { _ in channel.close(promise: nil) }
    do { try receive(channel, content: content, logger: logger) } catch { content.fail(error) }
    return channel.eventLoop.makeSucceededFuture(Value(channel: channel, content: content.futureResult))
  }

  private func receive(_ channel: any Channel, content: EventLoopPromise<Content>, logger: Logger) throws {
    let admission = tally.enter(channel)
    guard admission != .refused else { throw ChannelError.eof }
    if let identity { try channel.pipeline.syncOperations.addHandler(identity.makeHandler()) }
    let doorman = Doorman(deadline: tally.limits.firstRequestDeadline) { visitor in
      switch (visitor, admission) {
      case (.departed, _): content.succeed(.nothing)
      case (.http, .admitted):
        http.setup(channel: channel, logger: logger).map { Content.http($0) }.cascade(to: content)
      case (.sip, _), (.http, _):
        do { try prepareUpgrade(of: channel, isCrowded: admission == .crowded, content: content) } catch {
          content.fail(error)
        }
      }
    }
    try channel.pipeline.syncOperations.addHandler(doorman)
  }

  package func handle(value: Value, logger: Logger) async {
    guard let content = try? await value.content.get() else { return }
    switch content {
    case .http(let connection): await http.handle(value: connection, logger: logger)
    case .sip: try? await value.channel.closeFuture.get()
    case .nothing: break
    }
  }

  /// HTTP with one request, which is upgraded or refused.
  private func prepareUpgrade(of channel: any Channel, isCrowded: Bool, content: EventLoopPromise<Content>) throws {
    let transport: SIPTransport = identity == nil ? .ws : .wss
    let encoder = HTTPResponseEncoder()
    var limits = NIOHTTPDecoderLimitConfiguration()
    limits.maxHeaderListSize = UpgradeRules.headerLimit
    limits.maxHeaderFieldSize = UpgradeRules.headerLimit
    let decoder = ByteToMessageHandler(
      HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
    let gate = UpgradeGate(
      rules: rules, isSecure: transport.isSecure, isCrowded: isCrowded, deadline: tally.limits.firstRequestDeadline)
    let upgrader = NIOTypedWebSocketServerUpgrader<Content>(
      maxFrameSize: UpgradeRules.frameLimit, enableAutomaticErrorHandling: false,
      // The gate lets nothing else through.
      shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture(["Sec-WebSocket-Protocol": "sip"]) },
      upgradePipelineHandler: { [adopt, rules] channel, head in
        channel.eventLoop.makeCompletedFuture {
          try adopt(channel, transport, rules.origin(of: head, isSecure: transport.isSecure))
          return .sip
        }
      })
    let upgrade = NIOTypedHTTPServerUpgradeHandler(
      httpEncoder: encoder, extraHTTPHandlers: [decoder, gate],
      upgradeConfiguration: NIOTypedHTTPServerUpgradeConfiguration(
        upgraders: [upgrader],
        notUpgradingCompletionHandler: { channel in channel.eventLoop.makeSucceededFuture(.nothing) }))
    let pipeline = channel.pipeline.syncOperations
    try pipeline.addHandler(encoder)
    try pipeline.addHandler(decoder)
    try pipeline.addHandler(gate)
    try pipeline.addHandler(upgrade)
    upgrade.upgradeResultFuture.cascade(to: content)
  }
}

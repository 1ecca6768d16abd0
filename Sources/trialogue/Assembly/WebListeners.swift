import Application
import Hummingbird
import HummingbirdCore
import Logging
import Monitoring
import NIOCore
import Primitives
import SIP
import SIPFront
import WebFront

/// The server's two HTTP listeners, each in a task: the private one, and the one by TLS that everybody may reach. Both take
/// SIP over WebSocket at `/sip`.
struct WebListeners {
  var configuration: Configuration
  var control: any ControlPlane
  var metrics: MetricsPage
  var front: SIPFront
  var identity: TLSIdentity?
  var origins: OriginList
  var shop: ShopTokens
  /// Each has its own, so that strangers cannot take the private one's places.
  var privateTally: ConnectionTally
  var publicTally: ConnectionTally
  var logger: Logger

  /// Health, metrics, REST.
  func startPrivate() async throws -> Task<Void, Never> {
    let address = configuration.listen.privateListener
    try await PortProbe.requireFree(address, key: "listen.private")
    let router = Router(options: .autoGenerateHeadEndpoints)
    MonitoringRoutes(control: control, metrics: metrics).add(to: router)
    add(to: router, access: configuration.access(isPrivate: true))
    return run(router, at: address, identity: nil, tally: privateTally, name: "private")
  }

  /// REST, if there are tokens for it; a task that ends at once if no such listener is configured.
  func startPublic() async throws -> Task<Void, Never> {
    guard let address = configuration.listen.web, let identity else { return Task {} }
    try await PortProbe.requireFree(address, key: "listen.web")
    let router = Router(options: .autoGenerateHeadEndpoints)
    add(to: router, access: configuration.access(isPrivate: address.ip.isLoopback))
    return run(router, at: address, identity: identity, tally: publicTally, name: "web")
  }

  private func add(to router: Router<BasicRequestContext>, access: Access) {
    Pages(configuration.pages(logger: logger)).add(to: router)
    shop.add(to: router)
    Routes(control: control, access: access, contract: ContractFile.text, logger: logger).add(to: router)
  }

  private func run(
    _ router: Router<BasicRequestContext>, at address: TransportAddress, identity: TLSIdentity?,
    tally: ConnectionTally, name: String
  ) -> Task<Void, Never> {
    let rules = UpgradeRules(origins: origins, names: [configuration.server.domain])
    let front = front
    var web = Hummingbird.Application(
      router: router,
      server: HTTPServerBuilder { responder in
        WebChannel(responder: responder, identity: identity, rules: rules, tally: tally) { channel, transport, origin in
          try front.adopt(channel, over: transport, origin: origin)
        }
      },
      configuration: .init(
        address: .hostname(address.ip.description, port: Int(address.port)), serverName: "trialogue"),
      logger: logger)
    front.announce(.init(identity == nil ? .ws : .wss, address))
    // The framework logs it as an error that connections end with the server; that it could not serve comes as an error.
    web.logger.logLevel = .critical
    let service = web
    let logger = logger
    return Task {
      do { try await service.run() } catch  where !Task.isCancelled {
        logger.error("the \(name) listener ended", metadata: ["error": "\(error)"])
      } catch {}
    }
  }
}

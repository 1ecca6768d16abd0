import Application
import Logging
import NIOCore
import NIOPosix
import NIOSSL
import Primitives
import SIP
import Synchronization

/// SIP's wire: listens, drives the transaction layer on one event loop, and feeds the user in order.
package final class SIPFront: SignallingPlane {
  /// What exists between `start` and `stop`.
  private struct Running {
    var driver: NIOLoopBound<TransactionDriver>
    var group: MultiThreadedEventLoopGroup
    var loop: any EventLoop
    var events: EventQueue
    var feeding: Task<Void, Never>
    var addresses: LocalAddresses
    /// WebSocket connections, which live on loops of others: the channel, and when nothing of it comes any more.
    var adopted: [ObjectIdentifier: (channel: any Channel, end: EventLoopFuture<Void>)] = [:]
  }

  private let configuration: SIPFrontConfiguration
  private let user: any SignallingUser
  private let logger: Logger
  private let running = Mutex<Running?>(nil)

  package init(
    configuration: SIPFrontConfiguration, user: any SignallingUser, logger: Logger = Logger(label: "sip")
  ) {
    self.configuration = configuration
    self.user = user
    self.logger = logger
  }

  /// The listeners as bound, in the order of the configuration; empty before `start`.
  package var listeners: [SIPFrontConfiguration.Listener] { running.withLock { $0?.addresses.bound ?? [] } }

  /// The first listener of that transport, as bound.
  package func boundAddress(_ transport: SIPTransport) -> TransportAddress? {
    listeners.first { $0.transport == transport }?.address
  }

  /// Opens all listeners, or none. Throws `SIPFrontError`.
  package func start() async throws {
    guard running.withLock({ $0 == nil }) else { throw SIPFrontError.alreadyStarted }
    let clientTLS: NIOSSLContext?
    do {
      let speaksTLS = configuration.listeners.contains { $0.transport == .tls }
      clientTLS = speaksTLS ? try configuration.trust.makeContext() : nil
    } catch {
      throw SIPFrontError.noAuthorities(reason: String(describing: error))
    }
    let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    let loop = group.next()
    let events = EventQueue()
    let driver = try await loop.submit { [configuration] in
      NIOLoopBound(
        TransactionDriver(
          loop: loop, configuration: configuration, events: events, pool: NIOSingletons.posixBlockingThreadPool,
          clientTLS: clientTLS),
        eventLoop: loop)
    }.get()
    var sockets: [SIPListener] = []
    do {
      for listener in configuration.listeners { sockets.append(try await open(listener, driver: driver, on: loop)) }
    } catch {
      for socket in sockets { try? await socket.channel.close() }
      try? await group.shutdownGracefully()
      throw error
    }
    let addresses = LocalAddresses(
      bound: sockets.map { .init($0.transport, $0.address) }, publicAddresses: configuration.publicAddresses,
      interfaces: LocalAddresses.readInterfaces())
    try await loop.submit { [sockets] in driver.value.start(sockets: sockets, addresses: addresses) }.get()
    let feeding = Task { [user] in
      for await event in events.stream {
        await user.receive(event)
        events.consumed()
      }
    }
    running.withLock {
      $0 = Running(
        driver: driver, group: group, loop: loop, events: events, feeding: feeding, addresses: addresses)
    }
    for listener in addresses.bound {
      logger.info(
        "listening",
        metadata: ["transport": "\(listener.transport.rawValue)", "address": "\(listener.address)"])
    }
  }

  /// Closes every socket, and returns when the user has had its last event.
  package func stop() async {
    let ended = running.withLock { running in
      defer { running = nil }
      return running
    }
    guard let ended else { return }
    try? await ended.loop.submit { ended.driver.value.stop() }.get()
    for (channel, _) in ended.adopted.values { channel.close(promise: nil) }
    for (_, end) in ended.adopted.values { try? await end.get() }
    ended.events.finish()
    await ended.feeding.value
    try? await ended.group.shutdownGracefully()
  }

  package func counters() async -> SIPFrontCounters {
    guard let (driver, loop) = running.withLock({ $0.map { ($0.driver, $0.loop) } }) else { return .init() }
    return (try? await loop.submit { driver.value.snapshot }.get()) ?? .init()
  }

  package func respond(_ response: SIPResponse, in transaction: ServerTransactionID) {
    onLoop { $0.respond(response, in: transaction) }
  }

  package func send(_ request: SIPRequest, id: ClientTransactionID, destination: SIPDestination?) {
    onLoop { $0.send(.transaction(request, id), destination: destination) }
  }

  package func acknowledge(_ request: SIPRequest, destination: SIPDestination?) {
    onLoop { $0.send(.acknowledgement(request), destination: destination) }
  }

  package func cancel(_ id: ClientTransactionID) {
    onLoop { $0.cancel(id) }
  }

  package func localAddress(toward destination: SIPDestination) -> SIPDestination? {
    let local = running.withLock {
      $0?.addresses.address(toward: destination.address.ip, transport: destination.transport)
    }
    return local.map { SIPDestination(transport: destination.transport, address: $0) }
  }

  /// Tells SIP of a listener of the web by which WebSocket connections come.
  package func announce(_ listener: SIPFrontConfiguration.Listener) {
    running.withLock { $0?.addresses.bound.append(listener) }
    onLoop { $0.addresses.bound.append(listener) }
  }

  /// Takes a connection over that was upgraded to WebSocket with the sub-protocol `sip` (RFC 7118): on its loop, with the
  /// codec of frames in place. What comes by it is ours from here on, and so is its end.
  /// `origin`: of the page that opened it, if a browser did.
  package func adopt(_ channel: any Channel, over transport: SIPTransport, origin: PageOrigin? = nil) throws {
    let end = channel.eventLoop.makePromise(of: Void.self)
    let key = ObjectIdentifier(channel)
    let ours = running.withLock { running -> (NIOLoopBound<TransactionDriver>, any EventLoop)? in
      guard running != nil else { return nil }
      running?.adopted[key] = (channel, end.futureResult)
      return running.map { ($0.driver, $0.loop) }
    }
    end.futureResult.whenComplete { [self] _ in running.withLock { _ = $0?.adopted.removeValue(forKey: key) } }
    guard let (driver, loop) = ours else {
      end.succeed()
      throw SIPFrontError.notRunning
    }
    do {
      try channel.syncOptions?.setOption(.writeBufferWaterMark, value: configuration.waterMark)
      try channel.pipeline.syncOperations.addHandler(
        WebSocketFlow(
          driver: driver, loop: loop, transport: transport, origin: origin, configuration: configuration, end: end))
    } catch {
      end.succeed()
      throw error
    }
  }

  /// Calls from one task keep their order.
  private func onLoop(_ body: @escaping @Sendable (TransactionDriver) -> Void) {
    guard let (driver, loop) = running.withLock({ $0.map { ($0.driver, $0.loop) } }) else { return }
    loop.execute { body(driver.value) }
  }

  private func open(
    _ listener: SIPFrontConfiguration.Listener, driver: NIOLoopBound<TransactionDriver>, on loop: any EventLoop
  ) async throws -> SIPListener {
    do {
      switch listener.transport {
      case .udp:
        return try await SIPListener.datagram(
          listener.address, receiveBuffer: configuration.receiveBuffer, on: loop
        ) { _ in DatagramHandler(driver: driver.value, listener: listener.address) }
      case .tcp, .tls:
        let transport = listener.transport
        let identity = transport == .tls ? configuration.identity : nil
        if transport == .tls, identity == nil { throw SIPFrontError.noIdentity }
        let mark = configuration.waterMark
        return try await SIPListener.stream(transport, listener.address, on: loop) { channel in
          channel.eventLoop.makeCompletedFuture {
            try channel.syncOptions?.setOption(.writeBufferWaterMark, value: mark)
            let pipeline = channel.pipeline.syncOperations
            if let identity { try pipeline.addHandler(identity.makeHandler()) }
            try pipeline.addHandler(StreamHandler(driver: driver.value, transport: transport, flow: nil))
          }
        }
      case .ws, .wss:
        throw SIPFrontError.unsupported(listener.transport)
      }
    } catch let error as SIPFrontError {
      throw error
    } catch {
      throw SIPFrontError.cannotListen(
        transport: listener.transport, address: listener.address, reason: String(describing: error))
    }
  }
}

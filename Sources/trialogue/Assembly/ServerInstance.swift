import Application
import Conference
import Foundation
import Logging
import Monitoring
import Primitives
import Runtime
import SIPFront
import Synchronization
import WebFront

/// A server that runs: assembled from its configuration, floor by floor, and taken apart in the other order.
final class ServerInstance: Sendable {
  let configuration: Configuration
  let directory: RoomDirectory
  let calls: CallController
  let control: ServerControl
  let hub: EventHub
  private let media: LoopGroup
  private let opening: ArchiveOpening
  private let front: SIPFront
  private let identity: TLSIdentity?
  private let origins: OriginList
  private let alerts: AlertBoard
  private let tasks: Mutex<[Task<Void, Never>]>
  private let logger: Logger
  /// Ends when the last call has gone after a drain, or at once after the second request to end.
  private let ending: AsyncStream<Void>
  private let end: AsyncStream<Void>.Continuation

  /// Version of the program.
  static let version = "0.1.0"

  /// Starts everything; throws a sentence for the operator, and leaves nothing behind, if a part cannot start.
  ///
  /// `shop`: signs for the visitors of the demo's shop, if that is ours to do.
  static func start(
    _ configuration: Configuration, shop: TokenMint? = nil, logger: Logger
  ) async throws -> ServerInstance {
    let clock = SystemTime()
    // Microseconds of the wall clock: no run has so many events that the next one could not begin above them.
    let hub = EventHub(clock: clock, first: UInt64(clamping: Int64(Date().timeIntervalSince1970 * 1_000_000)))
    let alerts = AlertBoard()
    let root = configuration.recording.directory
    let opening = try await ArchiveOpening.open(
      root: root, spill: configuration.recording.spill, keys: configuration.recording.keys,
      retention: configuration.retention, clock: clock,
      logger: logger)
    let archive = opening.archive

    let (library, problems) = PromptFiles(
      directory: configuration.prompts.directory, names: configuration.prompts.names
    ).load(fallback: configuration.prompts.language)
    for problem in problems + configuration.missingFlowPrompts(in: library) { logger.warning("\(problem)") }

    let media: LoopGroup
    do { media = try MediaOpening.open(configuration, logger: logger) } catch {
      await opening.close()
      throw error
    }
    media.makePeaks(in: opening.report.withoutPeaks)
    let directory = RoomDirectory(
      settings: configuration.directorySettings(prompts: library), media: media, archive: archive, hub: hub,
      clock: clock, logger: logger)
    let calls = CallController(
      settings: configuration.callSettings, media: media, reception: directory,
      routes: configuration.directorySettings(prompts: library).routes, hub: hub, clock: clock, logger: logger)
    await directory.connect(calls)
    let identity: TLSIdentity?
    let front: SIPFront
    do {
      identity = try configuration.isTLSWanted ? CertificateFiles(configuration).load(logger: logger) : nil
      front = SIPFront(
        configuration: configuration.sipFrontConfiguration(identity: identity), user: calls, logger: logger)
      await calls.connect(front)
      do { try await front.start() } catch SIPFrontError.noAuthorities(let reason) {
        throw StartFailure("tls.authorities: cannot be read: \(reason)")
      } catch { throw StartFailure("listen.sip: \(error)") }
    } catch {
      await media.shutDown()
      await opening.close()
      throw error
    }
    return try await ServerInstance(
      configuration: configuration, directory: directory, calls: calls, opening: opening, hub: hub, media: media,
      front: front, identity: identity, alerts: alerts, clock: clock, shop: shop, logger: logger)
  }

  private init(
    configuration: Configuration, directory: RoomDirectory, calls: CallController, opening: ArchiveOpening,
    hub: EventHub, media: LoopGroup, front: SIPFront, identity: TLSIdentity?, alerts: AlertBoard, clock: SystemTime,
    shop: TokenMint?, logger: Logger
  ) async throws {
    self.configuration = configuration
    self.directory = directory
    self.calls = calls
    self.hub = hub
    self.media = media
    self.opening = opening
    self.front = front
    self.identity = identity
    origins = OriginList(configuration.pageOrigins)
    self.alerts = alerts
    self.logger = logger
    let carrier: WebhookClient
    do {
      carrier = try WebhookClient(
        limits: AddressGuard(own: configuration.webhooks.networks),
        timeout: .seconds(Int64(configuration.webhooks.timeout)), authorities: configuration.webhooks.authorities)
    } catch { throw StartFailure("webhooks.authorities: cannot be read: \(error)") }
    let webhooks = Webhooks(
      configuration.webhookList, carrier: carrier, issuer: configuration.server.domain, clock: clock, logger: logger)
    await directory.connect(
      WebFlowAdviser(
        sources: configuration.webhooks.flows, asker: carrier, issuer: configuration.server.domain, clock: clock))
    (ending, end) = AsyncStream.makeStream(of: Void.self)
    control = ServerControl(
      directory: directory, calls: calls, archive: opening.archive, hub: hub, webhooks: webhooks, media: media,
      version: Self.version,
      started: clock.timestamp, beginDrain: { await calls.drain() }, alerts: { await alerts.texts })
    let uploader = try opening.uploader(configuration, logger: logger)
    tasks = Mutex([])
    let tallies = [ConnectionTally(), ConnectionTally()]
    let counters = RuntimeMetrics(media: media, front: front, web: tallies)
    let metrics = MetricsPage(control: control) { await counters.metrics }
    let supply: ShopTokens.Supply =
      shop.map { .mint($0) } ?? (configuration.web.tokens.keys.isEmpty ? .unneeded : .withheld)
    let web = WebListeners(
      configuration: configuration, control: control, metrics: metrics, front: front, identity: identity,
      origins: origins, shop: ShopTokens(supply, control: control, clock: clock), privateTally: tallies[0],
      publicTally: tallies[1], logger: logger)
    // Before anybody can call.
    let events = await hub.listen()
    let running = [
      try await web.startPrivate(),
      Task { [directory] in await directory.followMedia() },
      Task { [media] in
        for await alarm in media.alarms {
          logger.error("disk: \(alarm)")
          await alerts.raise(alarm)
          await hub.emit("alert", ["reason": "\(alarm)"])
        }
      },
      try await web.startPublic(),
      Task { await webhooks.follow(events) },
      Task { [archive = opening.archive] in await archive.keepHouse() },
      Task { await uploader?.run() },
    ]
    tasks.withLock { $0 = running }
  }

  /// Replaces rooms, prompts, routes, users and the certificate without touching a call.
  func reload(_ fresh: Configuration) async {
    let (library, problems) = PromptFiles(directory: fresh.prompts.directory, names: fresh.prompts.names)
      .load(fallback: fresh.prompts.language)
    for problem in problems + fresh.missingFlowPrompts(in: library) { logger.warning("\(problem)") }
    let settings = fresh.directorySettings(prompts: library)
    await directory.reload(settings)
    await calls.reload(fresh.callSettings, routes: settings.routes)
    origins.replace(with: fresh.pageOrigins)
    await opening.archive.reload(fresh.retention)
    if let identity { CertificateFiles(fresh).renew(identity, logger: logger) }
    logger.notice("configuration reloaded")
    for key in configuration.restartKeys(comparedTo: fresh) {
      logger.warning("\(key) has changed; that needs a restart")
    }
  }

  /// The first request drains: new calls are refused, and the server ends with its last call. The second ends it now.
  func requestEnd() async {
    if await directory.isDraining {
      end.finish()
      return
    }
    logger.notice("draining: new calls are refused; ask again to end now")
    await control.drain()
    Task { [directory, end] in
      while await directory.memberCount > 0 { try? await Task.sleep(for: .milliseconds(100)) }
      end.finish()
    }
  }

  func waitUntilEnd() async { for await _ in ending {} }

  func stop() async {
    await calls.endAll()
    await front.stop()
    await media.shutDown()
    // What the media plane told last, ended recordings above all, is consumed before the rest goes.
    let running = tasks.withLock { $0 }
    if running.count > 1 { await running[1].value }
    for task in running { task.cancel() }
    await opening.close()
  }
}

/// Why the server did not start: one sentence with the key at fault.
struct StartFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

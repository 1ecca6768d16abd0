import Application
import Conference
import Foundation
import Hummingbird
import Logging
import Monitoring
import Primitives
import Runtime
import SIPFront
import Storage
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
  private let front: SIPFront
  private let alerts: AlertBoard
  private let tasks: Mutex<[Task<Void, Never>]>
  private let logger: Logger
  /// Ends when the last call has gone after a drain, or at once after the second request to end.
  private let ending: AsyncStream<Void>
  private let end: AsyncStream<Void>.Continuation

  /// Version of the program.
  static let version = "0.1.0"

  /// Starts everything; throws a sentence for the operator, and leaves nothing behind, if a part cannot start.
  static func start(_ configuration: Configuration, logger: Logger) async throws -> ServerInstance {
    let clock = SystemTime()
    let hub = EventHub(clock: clock)
    let alerts = AlertBoard()
    let root = configuration.recording.directory
    try makeDirectory(root)
    let index: RecordingIndex
    do { index = try RecordingIndex(path: "\(root)/index.sqlite") } catch {
      throw StartFailure("recording.directory: the index '\(root)/index.sqlite' cannot be opened: \(error)")
    }
    let archive = Archive(root: root, store: index, clock: clock, logger: logger)
    try await recover(root: root, spill: configuration.recording.spill, into: archive, logger: logger)

    let (library, problems) = PromptFiles(
      directory: configuration.prompts.directory, names: configuration.prompts.names
    ).load(fallback: configuration.prompts.language)
    for problem in problems { logger.warning("\(problem)") }

    let media: LoopGroup
    do { media = try LoopGroup(settings: configuration.runtimeSettings) } catch {
      throw StartFailure("the media plane cannot start: \(error)")
    }
    let directory = RoomDirectory(
      settings: configuration.directorySettings(prompts: library), media: media, archive: archive, hub: hub,
      clock: clock, logger: logger)
    let calls = CallController(
      settings: configuration.callSettings, media: media, reception: directory,
      routes: configuration.directorySettings(prompts: library).routes, hub: hub, clock: clock, logger: logger)
    await directory.connect(calls)
    let front = SIPFront(configuration: configuration.sipFrontConfiguration, user: calls)
    await calls.connect(front)
    do { try await front.start() } catch {
      await media.shutDown()
      throw StartFailure("listen.sip: \(error)")
    }
    return try await ServerInstance(
      configuration: configuration, directory: directory, calls: calls, archive: archive, hub: hub, media: media,
      front: front, alerts: alerts, clock: clock, logger: logger)
  }

  private init(
    configuration: Configuration, directory: RoomDirectory, calls: CallController, archive: Archive, hub: EventHub,
    media: LoopGroup, front: SIPFront, alerts: AlertBoard, clock: SystemTime, logger: Logger
  ) async throws {
    self.configuration = configuration
    self.directory = directory
    self.calls = calls
    self.hub = hub
    self.media = media
    self.front = front
    self.alerts = alerts
    self.logger = logger
    (ending, end) = AsyncStream.makeStream(of: Void.self)
    control = ServerControl(
      directory: directory, calls: calls, archive: archive, hub: hub, media: media, version: Self.version,
      started: clock.timestamp, beginDrain: { await calls.drain() }, alerts: { await alerts.texts })
    tasks = Mutex([])
    let counters = RuntimeMetrics(media: media, front: front)
    let router = Router()
    MonitoringRoutes(control: control, metrics: MetricsPage(control: control) { await counters.metrics })
      .add(to: router)
    Routes(control: control, access: configuration.access, contract: ContractFile.text).add(to: router)
    let address = configuration.listen.privateListener
    try await PortProbe.requireFree(address, key: "listen.private")
    var web = Hummingbird.Application(
      router: router,
      configuration: .init(
        address: .hostname(address.ip.description, port: Int(address.port)), serverName: "trialogue"),
      logger: logger)
    web.logger.logLevel = .warning
    let service = web
    let running = [
      Task {
        do { try await service.run() } catch { logger.error("the private listener ended: \(error)") }
      },
      Task { [directory] in await directory.followMedia() },
      Task { [media] in
        for await alarm in media.alarms {
          logger.error("disk: \(alarm)")
          await alerts.raise(alarm)
          await hub.emit("alert", ["reason": "\(alarm)"])
        }
      },
    ]
    tasks.withLock { $0 = running }
  }

  /// Replaces rooms, prompts, routes and users without touching a call.
  func reload(_ fresh: Configuration) async {
    let (library, problems) = PromptFiles(directory: fresh.prompts.directory, names: fresh.prompts.names)
      .load(fallback: fresh.prompts.language)
    for problem in problems { logger.warning("\(problem)") }
    let settings = fresh.directorySettings(prompts: library)
    await directory.reload(settings)
    await calls.reload(fresh.callSettings, routes: settings.routes)
    logger.notice("configuration reloaded")
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
  }

  private static func makeDirectory(_ path: String) throws {
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    } catch {
      throw StartFailure("recording.directory: '\(path)' cannot be made; check the path and its permissions")
    }
    guard FileManager.default.isWritableFile(atPath: path) else {
      throw StartFailure("recording.directory: '\(path)' cannot be written; give this user write permission")
    }
  }

  private static func recover(root: String, spill: String?, into archive: Archive, logger: Logger) async throws {
    let report: ArchiveRepair.Report
    do throws(SystemError) { report = try ArchiveRepair.run(root: root, spill: spill) } catch {
      throw StartFailure("recording.directory: '\(root)' cannot be searched for unfinished recordings: \(error)")
    }
    for repaired in report.recordings {
      await archive.recovered(directory: repaired.directory, files: repaired.files)
      logger.notice("recording recovered", metadata: ["directory": "\(repaired.directory)"])
    }
    for path in report.unreadable {
      logger.error("a recording holds no audio that can be saved; it was set aside", metadata: ["file": "\(path)"])
    }
    for (path, reason) in report.failed.sorted(by: { $0.key < $1.key }) {
      logger.error(
        "a recording could not be repaired; the next start tries again",
        metadata: ["file": "\(path)", "reason": "\(reason)"])
    }
    await archive.reconcile { ArchiveRepair.inspect(root: root, directory: $0) }
  }
}

/// Why the server did not start: one sentence with the key at fault.
struct StartFailure: Error, CustomStringConvertible {
  var description: String
  init(_ description: String) { self.description = description }
}

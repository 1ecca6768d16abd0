import Conference
import Primitives

/// The media plane on this machine: media loops, the file writer, and the table of which room runs on which loop.
package final class LoopGroup: MediaPlane {
  /// Events of all rooms that may wait for Application. If it lags so far behind, newer ones are lost.
  static let eventBound = 1 << 17

  package let events: AsyncStream<(RoomID, RoomEvent)>

  private let settings: RuntimeSettings
  private let registry: PortRegistry
  private let table: RoomTable
  private let loops: [MediaLoop]
  private let writer: FileWriter
  private let continuation: AsyncStream<(RoomID, RoomEvent)>.Continuation

  /// Opens the recordings' directories and starts the threads. Call `shutDown` at the end: the threads do not end by themselves.
  package init(settings: RuntimeSettings, random: RandomSource = .system) throws(SystemError) {
    self.settings = settings
    registry = PortRegistry(settings: settings, random: random)
    let (stream, continuation) = AsyncStream.makeStream(
      of: (RoomID, RoomEvent).self, bufferingPolicy: .bufferingOldest(LoopGroup.eventBound))
    events = stream
    self.continuation = continuation
    let mailboxes = (0..<max(1, settings.loops)).map { _ in Mailbox<LoopMessage>(capacity: 256) }
    let table = RoomTable(mailboxes: mailboxes)
    self.table = table
    writer = try FileWriter(settings: settings) { room, outcome in
      table.post(.outcome(outcome, room), to: room, late: true)
    }
    var loops: [MediaLoop] = []
    for (index, mailbox) in mailboxes.enumerated() {
      let shared = LoopShared(
        settings: settings, mailbox: mailbox, table: table, registry: registry, writer: writer, events: continuation)
      loops.append(try MediaLoop(index: index, shared: shared))
    }
    self.loops = loops
  }

  /// Alarms about the disk that recordings go to. One consumer.
  package var alarms: AsyncStream<FileAlarm> { writer.alarms }

  /// Draws the wave forms of finished recordings, `YYYY/MM/DD/<id>`, when there is time.
  package func makePeaks(in directories: [String]) { writer.makePeaks(in: directories) }

  /// Of every loop, as of the last second.
  package var statistics: [LoopStatistics] { loops.map(\.statistics) }

  /// Port pairs that no leg holds.
  package var freePortPairs: Int { registry.freePairs }

  /// Octets of recordings that did not fit into the writer's queue since the start.
  package var recordingOctetsDropped: Int64 { writer.octetsDropped }

  package var load: Double { loops.map(\.statistics.load).max() ?? 0 }

  package func openRoom(_ room: RoomID, plan: RoomPlan) { table.open(room, plan: plan) }

  package func closeRoom(_ room: RoomID) { table.close(room) }

  package func post(_ command: RoomCommand, to room: RoomID) { table.post(.command(command, room), to: room) }

  package func moveLeg(_ leg: LegID, from source: RoomID, to destination: RoomID) {
    table.moveLeg(leg, from: source, to: destination)
  }

  package func openLeg(
    _ leg: LegID, in room: RoomID, family: AddressFamily
  ) async throws(MediaPlaneError) -> LegPorts {
    if table.isShuttingDown { throw .shuttingDown }
    guard table.isOpen(room) else { throw .noSuchRoom }
    if load > settings.maximumLoad { throw .overloaded }
    let sockets = try registry.open(family: family)
    guard table.post(.addLeg(leg, room, sockets), to: room) else {
      registry.giveBack(sockets.port)
      throw .noSuchRoom
    }
    return registry.announced(sockets)
  }

  /// Ends every room, waits until their recordings are closed (10 s at most), then ends the threads and the events.
  package func shutDown() async {
    table.shutDown()
    await withCheckedContinuation { done in
      let wait: @Sendable () -> Void = { [loops, writer, continuation] in
        for loop in loops { loop.join() }
        writer.stop()
        continuation.finish()
        done.resume()
      }
      // Joining blocks, so it gets a thread of its own.
      do throws(SystemError) { _ = try RuntimeThread(name: "media-stop", body: wait) } catch { wait() }
    }
  }
}

import Conference
import Synchronization

/// What a loop shares with other threads.
final class LoopShared: Sendable {
  let settings: RuntimeSettings
  let mailbox: Mailbox<LoopMessage>
  let table: RoomTable
  let registry: PortRegistry
  let writer: FileWriter
  let events: AsyncStream<(RoomID, RoomEvent)>.Continuation
  private let published = Mutex(LoopStatistics())

  init(
    settings: RuntimeSettings, mailbox: Mailbox<LoopMessage>, table: RoomTable, registry: PortRegistry,
    writer: FileWriter, events: AsyncStream<(RoomID, RoomEvent)>.Continuation
  ) {
    self.settings = settings
    self.mailbox = mailbox
    self.table = table
    self.registry = registry
    self.writer = writer
    self.events = events
  }

  func publish(_ statistics: LoopStatistics) { published.withLock { $0 = statistics } }

  /// As of the last second.
  var statistics: LoopStatistics { published.withLock { $0 } }
}

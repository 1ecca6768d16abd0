import Conference
import SecureRTP
import Synchronization

/// What a loop shares with other threads.
final class LoopShared: Sendable {
  let settings: RuntimeSettings
  /// What browsers know us by; nil if it could not be made.
  let certificate: DTLSCertificate?
  let mailbox: Mailbox<LoopMessage>
  /// Of the browsers; empty if each has a port of its own.
  let sharedPorts: [SharedPort]
  let table: RoomTable
  let registry: PortRegistry
  let writer: FileWriter
  let events: AsyncStream<(RoomID, RoomEvent)>.Continuation
  private let published = Mutex(LoopStatistics())

  init(
    settings: RuntimeSettings, certificate: DTLSCertificate?, mailbox: Mailbox<LoopMessage>, sharedPorts: [SharedPort],
    table: RoomTable,
    registry: PortRegistry,
    writer: FileWriter, events: AsyncStream<(RoomID, RoomEvent)>.Continuation
  ) {
    self.settings = settings
    self.certificate = certificate
    self.mailbox = mailbox
    self.sharedPorts = sharedPorts
    self.table = table
    self.registry = registry
    self.writer = writer
    self.events = events
  }

  func publish(_ statistics: LoopStatistics) { published.withLock { $0 = statistics } }

  /// As of the last second.
  var statistics: LoopStatistics { published.withLock { $0 } }
}
